"""How promises are made, asked for and accepted in Spanish: the ending of the verb says who."""

from __future__ import annotations

import re

from commitments.spotting_terms import Owner, Pack, Trigger, any_of

_AR = (
    "mandar entregar preparar revisar pasar arreglar solucionar llamar consultar verificar"
    " actualizar contactar organizar reservar"
    " terminar finalizar acabar redactar documentar probar_ desplegar_ publicar facturar"
    " programar avisar informar escalar gestionar"
    " tramitar firmar cambiar cancelar activar ajustar analizar resumir_ subir_ presentar"
    " coordinar confirmar comprobar_ adjuntar"
    " mirar hablar averiguar investigar crear completar formalizar encargar_ aclarar dejar tomar"
    " estudiar implementar lanzar cerrar_"
    " reenviar_ enviar_ comentar agendar migrar configurar montar trasladar reportar depositar bajar"
)
_AR_VERBS = [verb for verb in _AR.split() if not verb.endswith("_")]
_FORMS = {
    "enviar": "envío envio enviaré enviaremos enviamos",
    "reenviar": "reenvío reenviaré reenviaremos",
    "hacer": "hago haré haremos hacemos",
    "traer": "traigo traeré",
    "poner": "pongo pondré pondremos ponemos",
    "tener": "tendré tendremos",
    "dar": "doy daré daremos damos",
    "decir": "digo diré diremos",
    "escribir": "escribo escribiré escribiremos",
    "subir": "subo subiré subiremos subimos",
    "compartir": "comparto compartiré compartiremos compartimos",
    "resolver": "resuelvo resolveré resolveremos",
    "responder": "respondo responderé responderemos",
    "contestar": "contesto contestaré",
    "corregir": "corrijo corregiré corregiremos",
    "probar": "pruebo probaré",
    "desplegar": "despliego desplegaré desplegaremos",
    "encargarse": "encargo encargaré encargamos encargaremos",
    "ocuparse": "ocupo ocuparé ocupamos ocuparemos",
    "ver": "veo veré",
    "volver": "vuelvo volveré",
    "conseguir": "consigo conseguiré conseguiremos",
    "devolver": "devuelvo devolveré devolveremos",
    "comprobar": "compruebo comprobaré comprobaremos",
    "remitir": "remito remitiré remitiremos",
    "proporcionar": "proporciono proporcionaré",
    "cerrar": "cierro cerraré",
    "mover": "muevo moveré",
    "pedir": "pido pediré pediremos",
    "incluir": "incluyo incluiré",
    "añadir": "añado añadiré añadiremos",
    "resumir": "resumo resumiré",
    "hacer llegar": "haré_",
    "transferir": "transfiero transferiré",
    "buscar": "busco buscaré",
    "explicar": "explico explicaré",
    "colgar": "cuelgo colgaré",
    "tratar": "trataré",
    "recoger": "recojo recogeré recogeremos recogemos",
    "pagar": "pagaré pagaremos pagamos",
    "abonar": "abonaré abonaremos",
    "sustituir": "sustituyo sustituiré sustituiremos",
    "preguntar": "pregunto preguntaré preguntaremos",
}


def _regular(verb: str) -> str:
    return f"{verb[:-2]}o {verb[:-2]}amos {verb}é {verb}emos"


_FINITE = {
    form: verb
    for verb, forms in {**{v: _regular(v) for v in _AR_VERBS}, **_FORMS}.items()
    for form in forms.split()
}
_VERB = "|".join(sorted(_FINITE, key=len, reverse=True))
_INF = "|".join(sorted({*_AR_VERBS, *(v.removesuffix("se") for v in _FORMS)}, key=len, reverse=True))
_CLITICS = r"(?:(?:te|le|les|os|lo|la|los|las|se|me|nos)\s){0,2}"
_START = (
    r"^(?>[\s*•>\-–—¡¿]|(?:sí|si|ok|vale|claro|gracias|perfecto|hola|de acuerdo|por supuesto"
    r"|sin problema|listo|entendido|genial|perdón)(?: [a-zá-ú]+)?[,.!:]*\s|yo\s|nosotros\s"
    r"|mañana\s|hoy\s|y\s|@[\w.]+[,:]?\s)*"
)


_DAY = r"(?:lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo)"
_MONTH = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
_TIME = (
    r"(?:(?:las )?\d{1,2}(?::\d\d)? ?(?:h\b|hrs?\b|de la (?:mañana|tarde)|(?:a|p)\.?m\.?)"
    r"|las \d{1,2}(?::\d\d)?|\d{1,2}:\d\d|mediodía|medianoche)"
)
_ATOM = (
    r"(?:hoy(?: mismo)?|pasado mañana|(?<!esta )(?<!la )mañana(?: por la (?:mañana|tarde)"
    rf"| a primera hora| mismo)?|esta (?:tarde|noche|mañana|semana)|este (?:mes|{_DAY}|trimestre)"
    rf"|(?:el )?\d{{1,2}} de {_MONTH}(?: de 20\d\d)?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?"
    rf"|20\d\d-\d\d-\d\d|(?:el )?(?:próximo )?{_DAY}(?: (?:que viene|próximo|por la (?:mañana"
    rf"|tarde)))?|{_TIME}"
    r"|(?:el )?(?:fin|final|finales|principios|mediados) (?:de|del) (?:(?:la |el |este "
    r"|esta )?(?:día|semana|mes|trimestre|año|jornada))(?: que viene| próxima| próximo)?"
    r"|la (?:próxima semana|semana que viene|semana próxima)|la semana que viene|el mes que viene"
    r"|el próximo mes|el día \d{1,2}|primera hora|asap)"
)
DUE = re.compile(
    r"(?<![\w-])(?:(?:en|dentro de)\s(?:\d+|un|una|dos|tres|unos|unas|un par de|las próximas \d+"
    r"|los próximos \w+)\s(?:minutos?|horas?|días?(?: hábiles| laborables)?|semanas?"
    r"|mes(?:es)?)\b|(?:(?:antes de(?:l)?|de aquí al?|para|hasta|a más tardar|como muy tarde|como tarde|a"
    r"|sobre|durante|en|por)\s+(?:(?:el|la|las|finales|a más tardar|antes del|del"
    rf"|de)\s+)*)?{_ATOM}(?:,? ?(?:a|antes de|sobre|de)? ?{_ATOM}){{0,2}})(?: a más tardar"
    r"| como muy tarde| como tarde| por la (?:mañana|tarde))?"
)
TRIGGERS = (
    Trigger(
        name="going_to",
        needs="any",
        pattern=any_of(
            rf"\b(?:voy|vamos) a\s{_CLITICS}(?=(?:{_INF})(?:te|le|les|os|lo|la|los|las|telo|selo|sela|me"
            r"|nos)*\b)"
        ),
    ),
    Trigger(
        name="present",
        needs="any",
        pattern=any_of(
            rf"{_START}(?:no te preocupes,? )?{_CLITICS}(?P<verb>(?:{_VERB}))\b(?! (?:que|si)\b)",
            rf"\b(?:te|le|les|os|se|me)\s(?:lo |la |los |las )?(?P<verb2>(?:{_VERB}))\b(?! (?:que|si)\b)",
            rf"\b(?:yo|nosotros|luego|después|y|entonces|hoy|mañana|{_DAY}|tarde"
            rf"|semana)\s{_CLITICS}(?P<verb3>(?:{_VERB}))\b",
            r"\b(?:lo|la|los|las)\s(?P<verb4>(?:enviaré|mandaré|haré|revisaré|reviso|miro|arreglo"
            r"|enviaremos|haremos|revisaremos|corregiré|hago|preparo|entrego|entregaré|entregaremos"
            r"|tendré|tendremos))\b",
        ),
    ),
    Trigger(
        name="you_get",
        needs="due",
        whole=True,
        pattern=any_of(
            r"\b(?:lo|la|los|las)?\s?(?:tendrás|tendréis|tendrán|tendrá|recibirás|recibiréis|recibirán"
            r"|recibirá|tienes|tenéis)\b",
            r"\b(?:estará|estarán|será|serán|quedará|quedarán) (?:list[oa]s?|enviad[oa]s?|entregad[oa]s?"
            r"|resuelt[oa]s?|arreglad[oa]s?|corregid[oa]s?|disponibles?|terminad[oa]s?)\b",
        ),
    ),
    Trigger(
        name="let_me",
        needs="any",
        pattern=any_of(
            r"\b(?:déjame|dejadme|déjeme|permíteme)\s(?=(?:que (?:lo )?)?(?:revisar|consultar|verificar"
            r"|comprobar|preguntar|averiguar|mirar|confirmar|hablar|ver|reviso|consulte|revise"
            r"|mire)\w*\b)"
        ),
    ),
    Trigger(
        name="can",
        needs="due",
        doubt="ability",
        pattern=any_of(
            rf"\b(?:puedo|podemos|podría|podríamos|debería|deberíamos)\s{_CLITICS}(?=(?:{_INF}"
            r"|tener)\w*\b)",
            rf"\b{_CLITICS}(?:puedo|podemos|podría|podríamos)\s(?=(?:{_INF}|tener)\w*\b)",
        ),
    ),
    Trigger(
        name="try",
        doubt="hedge",
        needs="any",
        pattern=any_of(
            r"\b(?:intento|intentaré|intentaremos|intentamos|espero|esperamos|trato de|trataré de"
            rf"|trataremos de|procuro|procuraré|procuraremos|pienso|pensamos)\s{_CLITICS}(?=(?:{_INF}"
            r"|tener|poder)\w*\b)"
        ),
    ),
    Trigger(
        name="third",
        named="name",
        owner=Owner.OTHER,
        doubt="another",
        needs="any",
        pattern=any_of(
            r"\b(?!(?:que|quien|no|él|ella|ya|se|usted)\b)[a-zá-ú]{3,}\s(?:va a |(?:te|le|les|os)\s(?:lo "
            r"|la )?)(?P<verb>envía|enviará|manda|mandará|llama|llamará|responderá|enviar\w*|mandar\w*"
            r"|llamar\w*|pasará|entregará)\b"
        ),
    ),
)
CUE = any_of(
    rf"\b(?:{_VERB})\b|\b(?:voy|vamos|déjame|dejadme|déjeme|permíteme|tendrás|tendréis|tendrán"
    r"|tendrá|recibirás|recibiréis|recibirán|recibirá|tienes|tenéis|estará|estarán|será|serán"
    r"|quedará|quedarán|puedo|podemos|podría|podríamos|debería|deberíamos|intent\w+|esper\w+"
    r"|trat\w+|procur\w+|pienso|pensamos|va|env[ií]a\w*|mand\w+|llam\w+|responderá|pasará"
    r"|entregará)\b"
)
VETOES = {
    "joke": any_of(
        r"\b(?:jaja+\w*|jeje+\w*|lol|es broma|broma)\b|[😂🤣😜🙃🍻]|me como el sombrero|paz mundial"
    ),
    "marketing": any_of(
        r"newsletter|boletín|haz clic|haga clic|descuento|oferta especial|suscr[ií]b|sorteo"
        r"|(?:prueba|versión|demo) gratis"
    ),
    "product": any_of(
        r"\b(?:automáticamente|cada vez|por defecto|normalmente|siempre que|el sistema|generalmente"
        r"|habitualmente|como siempre|todos los|todas las|cada (?:día|semana|mes))\b"
    ),
    "reported": any_of(r"\bsegún (?!lo (?:acordado|previsto)|nuestro)"),
    "question": any_of(r",\s*¿?(?:verdad|correcto|no)\s*$"),
    "condition": any_of(
        r"(?<!sé )(?<!saber )(?<!ver )(?<!confirmar )(?<!reviso )(?<!miro )\b(?:si (?:me|nos|quieres"
        r"|quiere|queréis|quieren|puedes|puede|podéis|necesitas|necesita|hace falta|te|le|os|les"
        r"|alguien)|cuando (?:me|nos|quieras|puedas|tengas|termines|quieran|puedan|tengáis)"
        r"|en cuanto (?:me|nos)|una vez que (?:me|nos))\b",
        r"\b(?:envíame|mándame|pásame|envíanos|mándanos|pásanos|dime|avísame|llámame|avísanos"
        r"|enviadme|mandadme)\b[^.;]{0,60}(?:\by|,)\s",
        r"\bquieres que\b|\bquiere que\b|\bqueréis que\b",
    ),
}
TRIFLES = {
    "negation": any_of(
        r"\b(?:no(?! te preocupes| se preocupe| hay problema)|nunca|jamás|tampoco|imposible|ni)\b"
    ),
    "presence": any_of(
        r"\b(?:estaré|estaremos|estoy|asistiré|asistiremos|voy a (?:estar|asistir|ir|viajar|comer"
        r"|salir)|iré|iremos|viajo|llego|llegaré|me uno|vacaciones|fuera de la oficina|salgo"
        r"|nos vemos|os veo|te veo|les veo|almorzar|me voy|médico|quedo a la espera|participaré)\b"
    ),
    "joint": any_of(
        r"\b(?:hablamos|lo vemos|nos vemos|vemos juntos|vamos a (?:hablar|ver|reunirnos|discutir)"
        r"|juntos|lo comentamos|lo hablamos|comentamos|nos reunimos|quedamos)\b"
    ),
    "idiom": any_of(
        r"\b(?:creo que|pienso que|digo que|te digo|supongo|me imagino|apuesto|os dejo con"
        r"|te dejo (?:que|con)|doy por|me doy|tomo nota|dejo (?:constancia|claro)|hago (?:referencia"
        r"|hincapié)|pongo en copia|te pongo en copia|damos por|acab(?:o|amos) de|paso a explicar|hablo de"
        r"|presento|confirmo que|recuerdo que|informo (?:de )?que|ten(?:éis|drá\w*|es|emos) (?:hasta|tiempo)"
        r"|pas(?:o|amos) a producción|(?:llamo|escribo) por|doy la palabra"
        r"|le doy las gracias|te doy las gracias|llamo la atención|me llamo)\b"
    ),
    "immediate": any_of(
        r"\b(?:ahora mismo|ahora|ya mismo|en (?:un|una|1|2|5|dos|cinco|diez) (?:minutos?|segundos?"
        r"|momento)|un momento|un segundo)\b"
    ),
}
_LEAD = re.compile(r"^(?:(?:te|le|les|os|se|me|nos)\s(?:lo|la|los|las)?\s?)+", re.I)
_ENCLITIC = re.compile(r"^([a-zá-ú]+[aeií]r)(?:te|le|les|os|me|nos|se)?(lo|la|los|las)?$", re.I)


def worded(words: str) -> str:
    """`te mando el contrato` becomes `mandar el contrato`."""
    text = _LEAD.sub("", " ".join(words.strip(' \t\n,;:.!?¡¿-–—*•"()[]').split()))
    first, _, rest = text.partition(" ")
    enclitic = _ENCLITIC.match(first)
    first = enclitic[1] + (enclitic[2] or "") if enclitic else _FINITE.get(first.lower(), first)
    return f"{first} {rest}".strip()


PACK = Pack(
    empty=any_of(r"^hacer(?:lo|la|los|las)?(?: eso)?$"),
    base=str,
    language="es",
    cue=CUE,
    triggers=TRIGGERS,
    verb=any_of(r"[a-zá-ú]{2,}"),
    actions=any_of(rf"(?:{_VERB}|(?:{_INF}|tener|poder)\w*|que)\b"),
    refused={},
    together=any_of(r"\bnosotros\b"),
    vetoes=VETOES,
    trifles=TRIFLES,
    before={
        "reported": any_of(
            r"\b(?:dijo|dice|dicen|dijeron|me dijo|comentó|según [a-zá-ú]+|preguntó|pregunta|cree"
            r"|escribió)(?: que| si)?\s*[\w\s,]{0,12}$"
        ),
        "embedded": any_of(
            r"\b(?:cuando|cómo|como|por qué|porque|donde|si|lo que|que|o|quizás|tal vez|a lo mejor)\s+$"
        ),
    },
    near=any_of(r"\b(?:intent\w+|esper[oa]\w*|quizás|tal vez|probablemente|creo que|procur\w+)\b"),
    doubts={
        "hedge": any_of(
            r"\b(?:intentaré|intento|espero|esperamos|quizás?|tal vez|probablemente|a lo mejor"
            r"|si es posible|algún día|si todo va bien|lo mejor posible|cuando pueda|si puedo"
            r"|posiblemente|sin garantía|seguramente|lo posible|lo que podamos)\b"
        )
    },
    scoped={
        "condition": any_of(
            r"(?<!ver )(?<!sé )(?<!confirmar )(?<!reviso )(?<!miro )(?<!revisar )(?<!comprobar )(?<!compr"
            r"uebo )(?<!averiguar )\b(?:si|a menos que|salvo que)\s"
        )
    },
    tangents=any_of(r"\s(?:y|que|si|lo que|quien)\s"),
    due=DUE,
    strong=any_of(r"(?:antes de|para|hasta|a más tardar|como)\b"),
    inner=re.compile(r"(?<=\s)(?:antes|para|a más tardar)\b"),
    ties=any_of(
        r"^[\s,;:()–—-]*(?:(?:y|entonces|seguramente|como muy|(?:te|os|le|les) (?:digo|cuento|aviso"
        r"|confirmo|respondo|contesto))[\s:,]*)*$"
    ),
    not_due=any_of(
        r"\b(?:de|del|desde|sobre|último|última|cada|entre|reunión del|llamada del|pasado|la"
        r"|esta)\s+$"
    ),
    ends=any_of(
        r"\s+[–—-]+\s+|[;()\n]|:(?!\d\d\b)|,\s|\s(?:pero|porque|ya que|para que|si|en cuanto|cuando|aunque)\s"
        r"|\sy (?=(?:te|le|les|os|yo|nosotros|me|luego|después)\b)"
    ),
    also=any_of(r"\sy\s"),
    pointing=any_of(
        r"^(?:(?:hacer\w*|encargarse|ocuparse|enviar\w*|mandar\w*|revisar\w*|mirar\w*|arreglar\w*"
        r"|pasar\w*|preparar\w*|entregar\w*|corregir\w*|tener\w*|lo|la|los|las|te|le|les|os|eso|esto"
        r"|de|ello|todo|listo|con)\s?)+$|^(?:lo|la|los|las) (?:tienes?|tendrás?|tenéis|tendréis|tendrán)$"
    ),
    requests=(
        (
            "when",
            any_of(
                r"\bcuándo\s(?:puedes|podéis|pueden|puede|podrías|podrían|estará|estarán|tendremos"
                r"|recibiremos|nos|me|llega|tendréis|tendrán)\s(?:tener |enviar(?:nos|me)? )?"
            ),
        ),
        (
            "act",
            any_of(
                r"\b(?:puedes|podéis|puede|pueden|podrías|podríais|podría|podrían|me puedes|nos puedes"
                r"|nos podéis|nos podrías|me podrías|nos pueden|nos puede|serías tan amable de|os importaría"
                r"|te importaría|hace falta que|haría falta que)(?: por favor)?\s+(?=\w)",
                r"\bpor favor,?\s+(?=\w)",
                r"^(?>\W|\w+,\s)*(?=(?:envíanos|mándanos|pásanos|envíame|mándame|pásame|envíenos|mándenos)\b)",
                r"\b(?:sería genial|estaría bien|agradecería|agradeceríamos) (?:si (?:pudieras|pudierais"
                r"|pudieran)|que (?:nos|me)?)\s*",
            ),
        ),
        (
            "thing",
            any_of(
                r"\b(?:necesitamos|necesito|nos hace falta|nos falta|me falta|seguimos esperando"
                r"|estamos esperando|esperamos)\s+(?!que\b)",
                r"\b(?:podemos|podríamos|puedo) tener\s+",
            ),
        ),
    ),
    retracts=re.compile(r"^\W*(?:no,? espera|no,? esperad|en realidad,? no|olvídalo|rectifico)\b"),
    cancels=any_of(r"\b(?:olvídalo|ya no hace falta|ya lo encontré|no importa|déjalo)\b"),
    dated=re.compile(
        rf"^(?>[^\w]|(?:sí|ok|vale)[,. ]+)*(?:{DUE.pattern})\s(?:me va bien|está bien|sin problema"
        r"|perfecto|puedo|lo tienes)"
    ),
    facts=any_of(
        r"(?:oír\w*|ver\w*|asistir|venir|unirte|participar|acceder|entrar)\b|(?:confirmar|decir"
        r"|explicar|aclarar)(?:me|nos)? (?:si|qué|que|cómo|por qué|dónde)\b|(?:una )?(?:llamada"
        r"|reunión)\b"
    ),
    accepts=any_of(
        r"^(?>[^\w👍✅]|(?:hola|gracias|perfecto|genial|ah|perdón|entendido)(?:[ ,]+(?!sí|claro|ok"
        r"|vale)\w+)??[,.!:]*\s|@[\w.]+[,:]?\s|\w+,\s)*?(?:sí|si|claro(?: que sí)?|ok|vale"
        r"|por supuesto|de acuerdo|sin problema|con (?:mucho )?gusto|encantad[oa]s?|hecho_|me encargo"
        r"|nos encargamos|yo me encargo|yo me ocupo|me pongo con ello|desde luego|cuenta con ello"
        r"|cuenten con ello|lo hago|lo haremos|lo haré|listo,? lo|por descontado|no hay problema|👍"
        r"|✅)(?!\w)"
    ),
    acts=any_of(
        r"(?:me encargo|nos encargamos|me ocupo|me pongo con ello|cuenta con ello|cuenten con ello"
        r"|lo hago|lo haremos|lo haré|sin problema|no hay problema|con (?:mucho )?gusto|encantad[oa]"
        r"|claro que sí|por supuesto)"
    ),
    declines=any_of(
        r"\b(?:no(?! hay problema)|lamentablemente|imposible|ya (?:está|lo)|adjunto|aquí|puedes"
        r"|podéis|pueden|quizás|tal vez|pero (?:no|solo)|enviado|hecho)\b"
    ),
    done=any_of(
        r"\b(?:acabo de|acabamos de)\s(?:enviar|mandar|subir|entregar|compartir|pasar|arreglar"
        r"|corregir|desplegar|publicar)\w*\b",
        r"\b(?:te|le|les|os|lo|la|los|las|ya|he|hemos)\s(?:lo |la |los |las )?(?:he"
        r"|hemos)?\s?(?:enviado|mandado|subido|entregado|compartido|arreglado|corregido|desplegado"
        r"|publicado|envié|mandé|enviamos|subí)\b",
        r"^\W*(?:enviado|hecho|listo|entregado|ya está)\b|\bcomo (?:te |os |le |les )?promet\w+"
        r"|\badjunto (?:el|la|los|las|te|os|encontrar)",
    ),
    undone=any_of(r"\b(?:no|si|cuando|todavía|aún)\b"),
    worded=worded,
)
