"""How promises are made, asked for and accepted in French."""

from __future__ import annotations

import re

from commitments.spotting_terms import Owner, Pack, Trigger, any_of

_ER = (
    (
        "préparer livrer transmettre_ vérifier corriger partager contacter réserver organiser rédiger"
        " finaliser regarder demander donner"
        " passer poster publier déployer documenter tester commander analyser planifier confirmer"
        " ajouter terminer signer rappeler_"
        " traiter régler modifier déposer programmer chercher creuser apporter communiquer mettre_"
        " activer annuler facturer rembourser"
        " remonter relancer clarifier résumer lancer configurer débloquer présenter estimer chiffrer"
        " valider contrôler téléverser fixer remplacer échanger réparer prolonger supprimer exporter importer"
        " désactiver redémarrer restaurer étudier examiner consulter informer avertir créditer payer"
        " rectifier adapter ajuster intégrer récupérer rassembler compléter actualiser migrer démarrer monter"
    )
    .replace("transmettre_ ", "")
    .replace("rappeler_ ", "")
    .replace("mettre_ ", "")
    .split()
)
_FORMS = {
    "envoyer": "envoie enverrai envoyons enverrons enverra",
    "renvoyer": "renvoie renverrai renvoyons renverrons",
    "transmettre": "transmets transmettrai transmettons transmettrons",
    "mettre": "mets mettrai mettons mettrons",
    "faire": "fais ferai faisons ferons fera",
    "revenir": "reviens reviendrai revenons reviendrons revient",
    "tenir": "tiens tiendrai tenons tiendrons",
    "rappeler": "rappelle rappellerai rappelons rappellerons",
    "appeler": "appelle appellerai appelons appellerons",
    "voir": "vois verrai",
    "fournir": "fournis fournirai fournissons fournirons",
    "finir": "finis finirai finissons finirons",
    "écrire": "écris écrirai écrivons écrirons",
    "répondre": "réponds répondrai répondons répondrons",
    "rendre": "rends rendrai",
    "s'occuper": "occupe occuperai occupons occuperons",
    "se charger": "charge chargerai chargeons chargerons",
    "prendre": "prends prendrai prenons prendrons",
    "reprendre": "reprends reprendrai",
    "remettre": "remets remettrai remettons remettrons",
    "soumettre": "soumets soumettrai soumettons",
    "résoudre": "résous résoudrai",
    "établir": "établis établirai",
    "obtenir": "obtiens obtiendrai",
    "créer": "crée créerai créons créerons",
    "corriger": "corrige corrigerai corrigeons corrigerons",
    "partager": "partage partagerai partageons partagerons",
    "suivre": "suis_ suivrai suivrons",
    "jeter": "jette jetterai",
    "réunir": "réunis réunirai",
    "expédier": "expédie expédierai expédions expédierons",
    "lire": "lis lirai",
    "relire": "relis relirai",
    "produire": "produis produirai",
    "ouvrir": "ouvre ouvrirai",
    "installer": "installe installerai",
    "transférer": "transfère transférerai transférons transférerons",
}


def _regular(verb: str) -> str:
    stem = verb[:-2]
    return f"{stem}e {verb}ai {stem}ons {verb}ons {verb}a"


_FINITE = {
    form: verb
    for verb, forms in {**{verb: _regular(verb) for verb in _ER}, **_FORMS}.items()
    for form in forms.split()
}
_VERB = "|".join(sorted(_FINITE, key=len, reverse=True))
_INF = "|".join(
    sorted({*_ER, *(v.replace("s'", "").replace("se ", "") for v in _FORMS)}, key=len, reverse=True)
)
_CLITICS = r"(?:(?:vous|te|t'|lui|leur|le|la|les|l'|m'en|m'y|m'|me|nous|en|y|s'en|s'|se)\s?){0,3}"


_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_MONTH = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_TIME = r"(?:\d{1,2} ?h(?: ?\d\d)?(?!\w)|\d{1,2}:\d\d|midi|minuit)"
_ATOM = (
    r"(?:aujourd'hui|tout à l'heure|ce soir|ce matin|cet après-midi|après-demain|demain(?: (?:matin|midi|soir"
    rf"|après-midi|dans la journée))?|(?:le )?\d{{1,2}}(?:er)? {_MONTH}(?: 20\d\d)?"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|20\d\d-\d\d-\d\d|{_DAY}(?: (?:prochain|matin|soir|midi"
    rf"|après-midi))*|{_TIME}"
    r"|(?:la )?(?:fin|début|milieu) (?:de (?:la )?(?:journée|semaine|mois|trimestre|l'année"
    r"|matinée)(?: prochaine)?|du (?:mois|trimestre)|d'année|de mois)|la semaine prochaine"
    r"|semaine prochaine|le mois prochain|cette semaine|ce mois-ci|dans la journée"
    r"|dans la semaine|dans la matinée|asap|le \d{1,2}\b)"
)
DUE = re.compile(
    r"(?<![\w'-])(?:(?:dans|sous|d'ici)\s(?:\d+|une?|deux|trois|quelques|les \d+)\s(?:minutes?"
    r"|heures?|jours?(?: ouvrés| ouvrables)?|semaines?|mois|h)\b|(?:(?:d'ici(?: à)?|avant|pour"
    r"|au plus tard|jusqu'à|(?<!au )courant|dès|à|vers|en|le)\s+(?:(?:le|la|au plus tard|à"
    rf"|au)\s+)*)?{_ATOM}(?:,? ?(?:à|vers|avant|au|le)? ?{_ATOM}){{0,2}})(?: au plus tard| matin"
    r"| soir)?"
)
_START = (
    r"^(?>[\s*•>\-–—]|(?:oui|ok|d'accord|merci|bien sûr|parfait|entendu|bonjour|salut"
    r"|pas de souci|pas de problème|très bien|super|désolé)(?: [a-zà-ü]+)?[,.!:]*\s)*"
)
TRIGGERS = (
    Trigger(
        name="present",
        needs="any",
        pattern=any_of(
            r"\b(?:je |j'|nous |on |moi je )(?:(?:vais|allons|va|te"
            rf"|vous) (?!bien)){{0,1}}(?:\w+ment )?{_CLITICS}(?P<verb>(?:{_VERB}))\b",
            rf"\b(?:je vais|nous allons|on va)\s(?:\w+ment )?{_CLITICS}(?=(?:{_INF})\b)",
        ),
    ),
    Trigger(
        name="bare",
        needs="due",
        pattern=any_of(rf"{_START}(?=(?:envoi|livraison|réponse|retour|correctif|mise à jour)\s)"),
    ),
    Trigger(
        name="you_get",
        needs="due",
        whole=True,
        pattern=any_of(
            r"\b(?:vous (?:aurez|recevrez|l'aurez|les aurez)|tu (?:auras|recevras|l'auras|les auras)"
            r"|(?:sera|seront) (?:livrée?s?|envoyée?s?|prête?s?|corrigée?s?|chez vous|disponibles?"
            r"|en ligne|terminée?s?))\b"
        ),
    ),
    Trigger(
        name="let_me",
        needs="any",
        pattern=any_of(
            r"\b(?:laissez|laisse)-(?:moi|nous)\s(?:le temps de )?(?=(?:vérifier|regarder|demander|voir"
            r"|creuser|contacter|confirmer)\b)"
        ),
    ),
    Trigger(
        name="can",
        needs="due",
        doubt="ability",
        pattern=any_of(
            r"\b(?:je peux|nous pouvons|on peut|je devrais|nous devrions|on devrait|je pourrais"
            rf"|on pourrait)\s(?:pouvoir )?{_CLITICS}(?=(?:{_INF}|avoir)\b)"
        ),
    ),
    Trigger(
        name="try",
        doubt="hedge",
        needs="any",
        pattern=any_of(
            r"\b(?:je|j'|nous|on|vais|va) ?(?:essaie|essaye|essayons|essaierai|vais essayer|va essayer"
            rf"|espère|espérons|compte|comptons|pense|tente)\s(?:de |d')?{_CLITICS}(?=(?:{_INF}"
            r"|pouvoir)\b)"
        ),
    ),
    Trigger(
        name="third",
        named="name",
        owner=Owner.OTHER,
        doubt="another",
        needs="any",
        pattern=any_of(
            r"(?!(?:il|elle|on|qui|ça|cela|nous|vous|je)\b)\b[a-zé]{3,}\s(?:va\s)?(?:vous|te"
            r"|t')\s?(?P<verb>envoie|enverra|recontacte|recontactera|rappelle|rappellera|répond|répondra"
            r"|envoyer|recontacter|rappeler|transmettra|fera)\b"
        ),
    ),
)
CUE = any_of(
    r"\b(?:je|j'|nous|on|vous|tu|laissez|laisse|sera|seront|enverra|rappellera|envoyer|envoi"
    r"|livraison|réponse|retour|correctif|mise|va)\b|\bj'"
)
VETOES = {
    "joke": any_of(
        r"\b(?:mdr|lol|ptdr|haha+|je plaisante|blague)\b|[😂🤣😜🙃🍻]|poules auront des dents"
        r"|mange mon chapeau"
    ),
    "marketing": any_of(
        r"newsletter|désabonn|cliquez|promotion|remise de|offre spéciale|inscrivez"
        r"|(?:essai|version|démo) gratuit|gratuit !"
    ),
    "product": any_of(
        r"\b(?:automatiquement|à chaque fois|chaque fois|par défaut|normalement|généralement"
        r"|d'habitude|comme (?:d'habitude|toujours)|le système|du lundi au|tous les|toutes les)\b"
    ),
    "reported": any_of(r"\b(?:selon|d'après) (?!le planning\b|notre)"),
    "question": any_of(r",\s*(?:c'est (?:bien )?(?:ça|correct|exact)|n'est-ce pas|non)\s*$"),
    "condition": any_of(
        r"(?<!savoir )(?<!vérifie )(?<!voir )(?<!demande )\b(?:si (?:vous|tu|besoin|nécessaire"
        r"|ça vous|ça te|cela vous|quelqu'un|vous)|dès que (?:vous|tu)|quand (?:vous|tu)|lorsque vous"
        r"|une fois que (?:vous|tu)|à condition|à votre demande|sur demande)\b",
        r"\b(?:envoyez|envoie|dites|dis|appelez|donnez|donne|transmettez)(?:-| )(?:moi"
        r"|nous)\b[^.;]{0,60}\b(?:et|,)\s(?:je|nous|on|j')",
        r"(?:voulez-vous|veux-tu|souhaitez-vous) que",
    ),
}
TRIFLES = {
    "negation": any_of(
        r"(?:\bne\s|\bn'|\bpas\b(?! de (?:souci|problème))|\bjamais\b|\bplus (?:de|en)\b"
        r"|\bimpossible\b)"
    ),
    "presence": any_of(
        r"\b(?:serai(?:s)?|serons|suis|participe(?:rai|rons)?|viens|viendrai|arrive|arriverai|rejoins"
        r"|prends ma pause|pars|assiste(?:rai)?|absente?|congés?|vacances|rends? visite|déjeuner|prends (?:le"
        r"|un) (?:train|avion|vol|café)|télétravail|réunion\b(?= (?:demain|lundi)))\b"
    ),
    "joint": any_of(
        r"\b(?:on (?:se|en) (?:parle|voit|reparle|appelle|discute)\w*|nous (?:en )?(?:parlerons"
        r"|discuterons|verrons)|on (?:va )?(?:voir|discuter|parler)|ensemble|nous nous (?:verrons"
        r"|parlerons)|on en discutera|on fait le point)\b"
    ),
    "idiom": any_of(
        r"\b(?:je (?:pense|crois|trouve|dis|suppose|parie|comprends|vous (?:souhaite|remercie|prie)"
        r"|te (?:souhaite|remercie)|demande si|me demande|vois(?! (?:ça|cela|avec|si))"
        r"|fais (?:confiance|partie|de mon)|passe (?:une|un) bon|mets (?:\w+ )?(?:en )?copie)"
        r"|je (?:vous |te |t')(?:présente|(?:confirme|rappelle|informe|signale|précise|indique) que)"
        r"|(?:passe|passons|passer) (?:en production|la parole)|ma langue au chat"
        r"|je vous laisse|on fait comme ça|je tiens à)\b"
    ),
    "immediate": any_of(
        r"\b(?:maintenant|tout de suite là|dans (?:une|1|2|5|10|deux|cinq) (?:minutes?|secondes?|min)"
        r"|un instant|là maintenant|à l'instant|justement|actuellement|en train)\b"
    ),
}
PACK = Pack(
    empty=any_of(r"^(?:le |la |les )?faire(?: ça| cela)?$"),
    base=str,
    language="fr",
    cue=CUE,
    triggers=TRIGGERS,
    verb=any_of(r"[a-zà-ü]{2,}"),
    actions=any_of(rf"(?:{_VERB}|{_INF}|avoir|pouvoir)\b"),
    refused={},
    together=any_of(r"\b(?:nous|on)\b"),
    vetoes=VETOES,
    trifles=TRIFLES,
    before={
        "reported": any_of(
            r"\b(?:a dit|disait|dit|m'a dit|pense|paraît|demandé|selon [a-zé]+|affirme|écrit)(?: que?"
            r"| qu'| si)?\s*[\w\s,']{0,12}$"
        ),
        "embedded": any_of(
            r"\b(?:quand|comment|pourquoi|où|parce que|puisque|comme|si|ce que|lorsque|ou|sinon"
            r"|peut-être que)\s+$"
        ),
    },
    near=any_of(r"\b(?:espère|espérons|essaie|essayer|peut-être|probablement|pense pouvoir)\b"),
    doubts={
        "hedge": any_of(
            r"\b(?:essaie|essaye|essayer|essaierai|j'espère|espérons|peut-être|probablement|sans doute"
            r"|si possible|normalement|un jour|de mon mieux|de notre mieux|si tout va bien"
            r"|quand j'aurai le temps|éventuellement|sans garantie)\b"
        )
    },
    scoped={
        "condition": any_of(
            r"(?<!savoir )(?<!vérifie )(?<!voir )(?<!regarde )(?<!demande )(?<!vérifier )\b(?:si|sauf si"
            r"|à moins que)\s(?!possible)"
        )
    },
    tangents=any_of(r"\s(?:et|que|si|ce qui|qui)\s"),
    due=DUE,
    strong=any_of(r"(?:d'ici|avant|au plus tard|sous|pour|jusqu'à)"),
    inner=re.compile(r"(?<=\s)(?:avant|d'ici|au plus tard)\b"),
    ties=any_of(
        r"^[\s,;:()–—-]*(?:(?:et|donc|sans doute|normalement|au plus tard|je (?:te|vous) (?:dis|redis|réponds"
        r"|tiens au courant)|je (?:reviens|revient) vers (?:toi|vous))[\s:,]*)*$"
    ),
    not_due=any_of(
        r"\b(?:de|du|des|depuis|la réunion de|le point de|la version de|dernier|chaque|entre|d')\s*$"
    ),
    ends=any_of(
        r"\s+[–—-]+\s+|[;()\n]|:(?!\d\d\b)|,\s|\s(?:mais|parce que|car|afin|si|dès que|quand|lorsque|puis"
        r"|pour que)\s|\set (?=(?:je|j'|nous|on|tu)\b)"
    ),
    also=any_of(r"\set\s"),
    pointing=any_of(
        r"^(?:(?:faire|s'occuper|se charger|envoyer|transmettre|regarder|vérifier|corriger|traiter"
        r"|prendre|le|la|les|ça|cela|l'|vous|te|en|y|m'en|m'|à|voir|suite|tout|de|revenir|vers"
        r"|toi)\s?)+$"
    ),
    requests=(
        (
            "when",
            any_of(
                r"\bquand\s(?:pouvez-vous|peux-tu|pourrez-vous|pourrais-tu|est-ce que (?:vous|tu|nous) \w+"
                r"|aurons-nous|recevrons-nous|sera|seront|allez-vous)\s"
            ),
        ),
        (
            "act",
            any_of(
                r"\b(?:pouvez-vous|peux-tu|pourriez-vous|pourrais-tu|tu peux|vous pouvez|vous pourriez"
                r"|tu pourrais|peut-on|est-ce que (?:vous pouvez|tu peux|vous pourriez"
                r"|tu pourrais))(?: s'il (?:vous|te) plaît| svp| stp)?,?\s+(?:nous |me |m'|lui |leur )?",
                r"\b(?:merci de|veuillez|prière de|n'oubliez pas de|il faudrait que vous)\s+(?:nous "
                r"|m[e'] ?)?",
                r"\bce serait (?:bien|super|top|parfait|gentil) (?:si (?:vous|tu) pouv(?:iez|ais)"
                r"|de)\s+(?:nous |me )?",
            ),
        ),
        (
            "thing",
            any_of(
                r"\b(?:nous avons|j'ai|on a|nous aurions|on aurait|j'aurais) (?:toujours "
                r"|encore )?besoin (?:de |d'|du |des )",
                r"\b(?:nous attendons|j'attends|on attend)\s(?:toujours |encore )?",
                r"\b(?:peut-on|pourrait-on|pourrions-nous) avoir\s+",
            ),
        ),
    ),
    retracts=re.compile(r"^\W*(?:non,? attends|non,? attendez|en fait,? non|oublie[zs]?|rectification)\b"),
    cancels=any_of(r"\b(?:laisse tomber|laissez tomber|plus besoin|c'est bon,? j'ai trouvé|oubliez)\b"),
    dated=re.compile(
        rf"^(?>[^\w]|(?:oui|ok)[,. ]+)*(?:{DUE.pattern})\s(?:c'est (?:bon|ok|possible|faisable)"
        r"|ça (?:marche|va|me va)|sans problème)"
    ),
    facts=any_of(
        r"(?:m'|nous )?(?:entendre|voir|assister|participer|venir|rejoindre|être (?:là|présent))\b"
        r"|(?:confirmer|dire|expliquer|préciser) (?:si|que|ce que|comment|pourquoi|où)\b"
        r"|(?:un )?(?:appel|point|réunion)\b"
    ),
    accepts=any_of(
        r"^(?>[^\w👍✅]|(?:bonjour|salut|merci|parfait|super|ah|désolé|entendu)(?:[ ,]+(?!oui|ok|bien"
        r"|d'accord)\w+)??[,.!:]*\s|@[\w.]+[,:]?\s|\w+,\s)*?(?:oui|ok|d'accord|bien sûr|bien entendu"
        r"|avec plaisir|pas de (?:souci|problème)|entendu|c'est (?:noté|bon|fait_|parti)"
        r"|je m'en (?:occupe|charge)|on s'en (?:occupe|charge)|nous nous en (?:occupons|chargeons)"
        r"|ça marche|volontiers|absolument|certainement|sans (?:souci|problème|faute)|je (?:le|la"
        r"|les) fais|très bien|👍|✅)(?!\w)"
    ),
    acts=any_of(
        r"(?:je m'en (?:occupe|charge)|on s'en (?:occupe|charge)|nous nous en (?:occupons|chargeons)"
        r"|c'est (?:noté|parti)|ça marche|avec plaisir|pas de (?:souci|problème)|sans (?:souci"
        r"|problème|faute)|je (?:le|la|les) fais|volontiers|bien sûr)"
    ),
    declines=any_of(
        r"\b(?:ne|pas(?! de (?:souci|problème))|malheureusement|impossible|désolé|déjà|ci-joint|voici"
        r"|vous pouvez|tu peux|n'est|peut-être|c'est fait|voilà|n')\b"
    ),
    done=any_of(
        r"\b(?:je|j'|nous|on|l'|les|vous|ai|avons|a)\s?(?:vous |t'|te |l'|les |le )*(?:ai|avons|a"
        r"|viens de|venons de)\s(?:(?:bien|déjà|vous|te|le|la|les) |t'|l')*(?:envoyée?s?|envoyer"
        r"|transmise?s?|transmettre"
        r"|livrée?s?|livrer|corrigée?s?|corriger|partagée?s?|partager|déployée?s?|terminée?s?"
        r"|publiée?s?|déposée?s?)\b",
        r"\b(?:c'est (?:fait|envoyé|parti|livré|en ligne|corrigé)|comme promis|ci-joint)\b"
        r"|^\W*(?:envoyé|fait|livré|corrigé)\b",
    ),
    undone=any_of(r"\b(?:pas|ne|si|quand|dès que)\b|\bn'"),
    worded=lambda words: worded(words),
)
_LEAD = re.compile(
    r"^(?:(?:vous(?! (?:aurez|recevrez|l'aurez|les aurez))|te|lui|leur|me|nous|y|en)\s|(?:t'"
    r"|m'en |m')|(?:oui|ok),?\s)+",
    re.I,
)


def worded(words: str) -> str:
    """`envoie le contrat` becomes `envoyer le contrat`."""
    text = _LEAD.sub("", " ".join(words.strip(' \t\n,;:.!?-–—*•"()[]').split()))
    first, _, rest = text.partition(" ")
    return f"{_FINITE.get(first.lower(), first)} {rest}".strip()
