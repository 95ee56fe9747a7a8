"""How promises are made, asked for and accepted in German: the present tense carries them."""

from __future__ import annotations

import re

from commitments.spotting_terms import Owner, Pack, Trigger, any_of
from commitments.spotting_verbs_de import INFINITIVES, VERBS, worded

_ADV = (
    r"(?:(?:dann|also|gerne?|sofort|gleich|natürlich|auf jeden fall|auch|noch|mal|das|es|dir"
    r"|ihnen|euch|mich|uns|ihm|ihr|dem|morgen|heute)\s){0,3}"
)
_START = (
    r"^(?>[\s*•>\-–—]|\d+[.)]\s|(?:ja|klar|gerne?|ok(?:ay)?|danke|alles klar|super|sorry|hi|hallo"
    r"|moin|verstanden|und|dann)(?: [a-zäöü]+)?[,.!:]*\s|@[\w.]+[,:]?\s)*"
)


_DAY = (
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)(?:abend|mittag"
    r"|vormittag|nachmittag|früh|morgen)?(?:s)?|(?:mo|di|mi|do|fr)\b\.?(?=\s*(?:$|[,.!;]|\d))"
)
_MONTH = r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)"
_TIME = r"(?:\d{1,2}(?:[:.]\d\d)? ?(?:uhr|h\b)|\d{1,2}:\d\d|mittags?\b|mitternacht|halb [a-zäöü]+)"
_ATOM = (
    r"(?:(?:heute|morgen|übermorgen)(?: (?:früh|vormittag|mittag|nachmittag|abend|nacht"
    rf"|noch))?(?! früh)|(?:{_DAY})|\d{{1,2}}\.\s?{_MONTH}(?: 20\d\d)?"
    rf"|\d{{1,2}}\.\d{{1,2}}\.(?:20\d\d|\d\d)?"
    rf"|(?:(?<=zum )|(?<=am ))\d{{1,2}}\.(?!\d)|20\d\d-\d\d-\d\d|{_TIME}"
    r"|(?:ende|anfang|mitte)(?: (?:dieser|der|nächster|kommender|des|dieses|nächsten"
    r"|kommenden))? (?:woche|monats?|quartals?|jahres|tages|q[1-4]|januar|februar|märz|april|mai"
    r"|juni|juli|august|september|oktober|november|dezember)"
    r"|(?:wochen|monats|quartals|jahres|feierabend|wochenend)(?:ende|e)?\b|feierabend|(?:diese"
    r"|nächste|kommende)[nrs]? (?:woche|monat|quartal|jahr|montag|dienstag|mittwoch|donnerstag"
    r"|freitag|tage)n?|eod|asap|wochenbeginn)"
)
_COUNT = r"(?:\d+|eine[rmns]?|zwei|drei|vier|fünf|zehn|ein paar|den nächsten|wenigen)"
DUE = re.compile(
    rf"(?<![\w-])(?:(?:innerhalb (?:von )?|binnen |in ){_COUNT} (?:\w+ )?(?:minuten|stunden?"
    r"|tage?n?|werktage?n?|arbeitstage?n?|wochen?|monate?n?)"
    r"|(?:noch (?=heute|diese))?(?:(?:spätestens|bis(?: spätestens)?|vor|am|ab|gegen|um"
    r"|im laufe des|im laufe der|noch|zum|zur|kommenden|nächsten|diesen|zu)\s+(?:(?:zum|zur|am"
    rf"|ende|heute|morgen|kommenden|nächsten|um|dem|der|den|spätestens)\s+)*)?{_ATOM}(?:,? ?(?:um"
    rf"|bis|gegen|am|vor|,|den|der)? ?{_ATOM}){{0,2}})"
    r"(?: spätestens| nachmittag| vormittag| abend)?"
)

TRIGGERS = (
    Trigger(
        name="future",
        whole=True,
        pattern=any_of(
            r"\b(?:(?:ich|wir) (?:werden?|wird)|werden? (?:ich"
            rf"|wir))\b(?=[^;:?]{{0,200}}?\b(?:{INFINITIVES})\b)"
        ),
    ),
    Trigger(
        name="present",
        whole=True,
        pattern=any_of(
            rf"\b(?:ich|wir)\s{_ADV}(?P<verb>{VERBS})\b(?! (?:könnte|würde|kann)\b)",
            rf"\b(?:{VERBS})\s(?:ich|wir)\b(?! (?:das )?(?:auch )?nicht)",
            rf"{_START}(?:(?!machen|geben|haben|lassen|melden|halten|schicken|senden|prüfen)(?:{VERBS})"
            r"|mach|schick|meld|kümmer)\b(?! (?:mir|uns|bitte|mal|doch|du|sie|ihr|es bitte)\b)(?=.*\s)",
        ),
    ),
    Trigger(
        name="you_get",
        needs="due",
        whole=True,
        pattern=any_of(
            r"\b(?:du|ihr|sie) (?:bekommst|kriegst|bekommt|kriegt|bekommen|kriegen|erhältst|erhaltet"
            r"|erhalten|hast|habt|haben)\b",
            r"\b(?:bekommst|kriegst|bekommt|kriegt|bekommen|kriegen|erhältst|erhaltet|erhalten|hast|habt"
            r"|haben) (?:du|ihr|sie)\b",
        ),
    ),
    Trigger(
        name="is_sent",
        needs="due",
        whole=True,
        pattern=any_of(
            r"^\W*(?:[^;:]{0,60}[.,!:]\s)?"
            r"(?!(?:der|die|das|ein|eine|es|unser\w*|euer|ihr\w*) )[\wäöüß-]+ kommt\b"
            r"|\bkommt\b(?=[^;:]{0,60}\bvon (?:mir|uns)\b)",
            r"\b(?:folgt|geht raus|geht (?:heute|morgen|am|bis)[^;:?]{0,40} raus|geht an (?:euch"
            r"|sie|dich)|wird (?:\w+ ){0,6}?(?:geliefert|geschickt|verschickt|behoben|fertig|erledigt"
            r"|zugesandt|bereitgestellt|nachgereicht)|ist (?:bis|am) [^;:?]{0,40}(?:fertig|bei (?:ihnen"
            r"|euch|dir)|da))\b",
        ),
    ),
    Trigger(
        name="can",
        needs="due",
        doubt="ability",
        whole=True,
        pattern=any_of(
            r"\b(?:(?:ich|wir) (?:kann|können|könnte|könnten|sollte|sollten)|(?:kann|können|sollte"
            rf"|sollten) (?:ich|wir))\b(?=[^;:?]{{0,200}}?\b(?:{INFINITIVES})\b)"
        ),
    ),
    Trigger(
        name="try",
        doubt="hedge",
        whole=True,
        pattern=any_of(
            r"\b(?:(?:ich|wir) (?:versuchen?|probieren?|hoffen?|bemühen? (?:mich|uns)|planen?)"
            r"|(?:versuchen?|probieren?) (?:ich|wir))\b"
        ),
    ),
    Trigger(
        name="let_me",
        whole=True,
        pattern=any_of(
            r"\blass(?:t|en sie)? (?:mich|uns)\b(?=[^;:?]{0,80}?\b(?:prüfen|klären|nachsehen"
            r"|nachfragen|nachschauen|anschauen|abklären)\b)"
        ),
    ),
    Trigger(
        name="third",
        named="name",
        owner=Owner.OTHER,
        doubt="another",
        whole=True,
        pattern=any_of(
            r"\b(?!das|es|sie|er|du|wer|was|wann|man|ihr|mir|der|die|und|aber|bis|heute"
            r"|morgen)[a-zäöü]{3,} (?:wird (?=[^;:?]{0,120}?\b(?:schicken|melden|prüfen|klären|liefern"
            r"|senden|kümmern|erledigen)\b)|(?:schickt|kümmert sich|meldet sich|prüft|klärt|liefert"
            r"|sendet|erledigt)\b)"
        ),
    ),
)
CUE = any_of(
    r"\b(?:ich|wir|lass|lasst|werden?|kommt|folgt|geht|wird|ist|bekomm\w*|krieg\w*|erhalt\w*"
    r"|erhält\w*|hast|habt|haben|schickt|kümmert|meldet|prüft|klärt|liefert|sendet|erledigt|mach"
    r"|schick|meld|kümmer)\b",
    rf"^\W*(?:\w+\W+){{0,2}}(?:{VERBS})\b",
)

VETOES = {
    "joke": any_of(
        r"\b(?:haha+|lol|scherz|spaß beiseite|nur spaß|hihi)\b|[😂🤣😜🙃🍻]|fresse ich einen besen"
        r"|weltfrieden|(?:ein|das) bier aus|einen besen"
    ),
    "marketing": any_of(
        r"newsletter|abmelden|klicken sie (?:hier|auf)|rabatt|jetzt (?:kaufen|bestellen|anmelden)"
        r"|gewinn(?:en|spiel)|kostenlos(?:e[nrs]?)? (?:test|webinar|demo|anmelden)"
    ),
    "product": any_of(
        r"\b(?:automatisch|jedes mal|normalerweise|standardmäßig|immer wenn|das system|grundsätzlich"
        r"|in der regel|üblicherweise|wie (?:immer|üblich|gewohnt)|jede[nrs]?|werktags|täglich|wöchentlich"
        r"|montags|dienstags|mittwochs|donnerstags|freitags)\b"
    ),
    "reported": any_of(r"\blaut (?!plan\b|unserer?m?\b)"),
    "question": any_of(r",\s*(?:richtig|oder|korrekt)\s*$"),
    "private": any_of(r"\b(?:bier|kuchen|kaffee trinken|drink|döner|pizza)\b"),
    "condition": any_of(
        r"(?<!weiß )(?<!sehe )(?<!prüfe )(?<!frage )(?<!klären )\b(?:wenn|falls|sofern|sobald"
        r"|solange) (?:du|ihr|sie|euch|dir|ihnen|das (?:passt|hilft|ok)|es (?:passt|dir|euch|ihnen)"
        r"|gewünscht|nötig|erforderlich|möglich|bedarf|jemand)\b",
        r"\b(?:schick|gib|sag|ruf|schreib|melde?)(?:t|en sie)? (?:mir|uns|bescheid"
        r"|dich)[^.;]{0,60}(?:,| und| dann)\s*(?:dann )?(?:\w+ )?(?:ich|wir)\b|\b(?:schick|gib|sag"
        r"|ruf|schreib)(?:t|en sie)? (?:mir|uns)[^.;]{0,60}\b(?:und|dann)\b|bei bedarf|auf wunsch"
        r"|gib(?:t)? (?:mir )?(?:einfach )?bescheid,? (?:wenn|falls)|möchte(?:st|n sie"
        r"|t ihr)\b.*\b(?:soll|dann)",
    ),
}
TRIFLES = {
    "negation": any_of(r"\b(?:nicht(?! nur)|nie|niemals|keine?[nmrs]?|leider|auf keinen fall|nie wieder)\b"),
    "presence": any_of(
        r"\b(?:bin|sind|da sein|dabei sein|teilnehmen|nehme[n]? (?:\w+ ){0,4}teil|kommen?\b(?! lassen"
        r"| dazu)|vorbei|fahren?|fliegen?|treffen|im urlaub|frei\b(?!schalt|geb)|homeoffice|unterwegs"
        r"|warte[n]?|gehe[n]? (?:heute|morgen|jetzt)? ?(?:essen|mittag|nach hause|heim|los)"
        r"|mittagspause|pause|mach[en]* (?:\w+ ){0,3}(?:feierabend|schluss|urlaub)|abwesend|bleiben?)\b"
    ),
    "joint": any_of(
        r"\b(?:lass(?:t)? uns\b(?!.*prüfen)|wir (?:werden |sollten )?(?:besprechen|reden|sprechen"
        r"|sehen|schauen|treffen|diskutieren|telefonieren|halten fest|machen das zusammen)|gemeinsam"
        r"|zusammen (?:besprechen|durchgehen|anschauen)|sehen wir(?: uns)?|sprechen wir|reden wir"
        r"|besprechen wir|schauen wir mal|planen wir"
        r"|wir (?:\w+ ){0,5}im (?:termin|meeting|call|gespräch|jour fixe))\b"
    ),
    "idiom": any_of(
        r"\b(?:ich (?:denke|glaube|meine|finde|hoffe mal|wette|sage|sag|schätze)|gebe(?: ich)? zu"
        r"|mache?n? (?:mir|uns) (?:keine )?(?:gedanken|sorgen)|gebe (?:dir|ihnen|euch) recht"
        r"|halten? (?:\w+ ){1,4}für|(?:haben|habt|hast) (?:\w+ ){0,4}zeit\b|zur kenntnis"
        r"|nehme (?:das|es|alles) zurück|freu(?:e|en)|frage mich|machen wir uns nichts vor"
        r"|stelle (?:ich )?mir vor|mache (?:gerade|derzeit|aktuell)|gerade dabei)\b"
    ),
    "immediate": any_of(
        r"\b(?:gerade|jetzt(?! an)|in (?:einer|1|2|5|fünf|zwei|zehn|10|einem) (?:minuten?|sekunden?"
        r"|min|moment)|einen moment|kurz mal)\b"
    ),
}
BEFORE = {
    "reported": any_of(
        r"\b(?:sagte?|meinte?|hat gesagt|schrieb|behauptet|habe gehört|gehört|angeblich|erzählt"
        r"|gefragt|fragt|laut [a-zäöü]+)\b[^.;]*$"
    ),
    "embedded": any_of(
        r"\b(?:dass|ob|wann|warum|bis wann)\s[^,;]*$",
        r"\b(?:wenn|falls|ob|weil|da|was|wie|warum|wann|wo|wer|dass|bevor|nachdem|obwohl|die|den"
        r"|welche[rsn]?)\s+$",
    ),
    "alternative": any_of(r"\b(?:oder|sonst|ansonsten|vielleicht|eventuell)[\s,]+$"),
}
_DATED_ACT = r"(?:geht (?:klar|in ordnung)|passt|klappt|schaffe? (?:ich|wir)|ist (?:ok|machbar))"
REQUESTS = (
    (
        "when",
        any_of(
            r"\b(?:wann|bis wann)\s(?:könnt|kannst|können|wird|werden|ist|kommt|schickt|bekommen|kriegen"
            r"|dürfen)\s(?:ihr|du|sie|wir|ich)?\s?"
        ),
    ),
    (
        "act",
        any_of(
            r"\b(?:kannst|könntest|könnt|könntet|können|könnten|würdest|würdet|würden|magst|mögt|kann"
            r"|könnte) (?:du|ihr|sie|jemand(?: von euch)?|bitte jemand)(?: bitte| mal| uns bitte"
            r"| mir bitte| kurz| vielleicht| noch| auch)*\s+(?=\w)",
            r"\bbitte\s+(?=\w)",
            r"\b(?:wäre|es wäre) (?:toll|super|gut|nett|prima|hilfreich),? wenn (?:du|ihr|sie)\s+",
            r"^(?>\W|\w+,\s)*(?=(?:schick|sende|gib|prüf|leite|stell|erstell)(?:e|t|en sie)?\s(?:uns|mir"
            r"|bitte)\b)",
        ),
    ),
    (
        "thing",
        any_of(
            r"\b(?:wir|ich) (?:brauchen?|benötigen?|bräuchten?|warten? (?:noch )?auf|vermissen?)\s+",
            r"\b(?:können|könnten|dürfen|kann|könnte) (?:wir|ich)(?: bitte)?\s+(?=[^?]*\b(?:haben"
            r"|bekommen|kriegen)\b)",
        ),
    ),
)
FACTS = any_of(
    r"(?:mich|uns)?\s?(?:hören|sehen|teilnehmen|dabei sein|kommen)\b|(?:kurz )?(?:sagen"
    r"|bestätigen),? (?:ob|was|wie|warum|wo|wer)",
    r"[^?]*\b(?:sehen|hören|teilnehmen|treffen|telefonieren|dabei sein)\b",
    r"(?:einen? )?(?:call|termin|meeting)\b",
)
ACCEPTS = any_of(
    r"^(?>[^\w👍✅]|(?:hi|hallo|ah|oh|danke|super|verstanden|gute idee|sorry|moin)(?:[ ,]+(?!klar"
    r"|ja|ok|mach|gern)\w+)??[,.!:]*\s|@[\w.]+[,:]?\s|\w+,\s)*?"
    r"(?:ja(?:,? gerne?)?|jo|jep|klar|gerne?|na klar|natürlich|selbstverständlich|sicher"
    r"|ok(?:ay)?|alles klar|geht klar|wird (?:gemacht|erledigt)|mach(?:e|en)? (?:ich|wir)"
    r"|erledige ich|kümmer[en]* (?:ich|wir|mich|uns)|passt|in ordnung|einverstanden|kein problem"
    r"|auf jeden fall|bin dran|ich bin dran|übernehme ich|das machen wir|das mache ich"
    r"|versprochen|👍|✅)(?!\w)",
)
ACTS = any_of(
    r"\b(?:wird (?:gemacht|erledigt)|mach(?:e|en)? (?:ich|wir)|das machen? (?:ich|wir)"
    r"|erledige ich|kümmer[en]* (?:ich|wir|mich|uns)|übernehme ich|bin dran|geht klar"
    r"|kein problem|versprochen|ja gerne?|gerne|mit vergnügen)\b"
)
DECLINES = any_of(
    r"\b(?:nicht|leider|kann ich nicht|keine?|aber (?:erst|nur)|schon (?:erledigt|geschickt"
    r"|gemacht)|bereits|anbei|hier ist|du kannst|sie können|ihr könnt|geschickt"
    r"|erledigt(?<!wird erledigt)|müsst|muss erst|mal sehen|vielleicht)\b"
)
DONE = any_of(
    r"\b(?:(?:habe?n?|hab) (?:ich|wir|es|das|dir|ihnen|euch|soeben|gerade|eben|den|die"
    r"|dir)\b[^.;?]{0,80}\b(?:geschickt|gesendet|versandt|verschickt|hochgeladen|behoben|erledigt"
    r"|geliefert|geteilt|weitergeleitet|fertiggestellt|eingespielt|gefixt))\b",
    r"\b(?:ist|sind) (?:jetzt |nun |soeben |gerade )?(?:raus|online|behoben|fertig|erledigt|live"
    r"|unterwegs|verschickt)\b|\b(?:soeben|gerade|eben|schon) (?:geschickt|gesendet|verschickt"
    r"|hochgeladen|erledigt|versandt|rausgeschickt)|^\W*(?:erledigt|geschickt|fertig"
    r"|verschickt)\b|wie versprochen|\banbei\b",
)
PACK = Pack(
    empty=any_of(r"^(?:(?:das|es|dies)\s)?(?:machen|erledigen|tun)$"),
    base=str,
    language="de",
    cue=CUE,
    triggers=TRIGGERS,
    verb=any_of(r"[a-zäöü]{2,}"),
    actions=any_of(rf"(?:{VERBS})\b"),
    refused={},
    together=any_of(r"\bwir\b"),
    vetoes=VETOES,
    trifles=TRIFLES,
    before=BEFORE,
    near=any_of(
        r"\b(?:versuchen?|hoffentlich|wahrscheinlich|vielleicht|eventuell|evtl|ich (?:denke|glaube"
        r"|hoffe))\b"
    ),
    doubts={
        "hedge": any_of(
            r"\b(?:versuchen?|hoffentlich|wahrscheinlich|vielleicht|eventuell|evtl|voraussichtlich"
            r"|vermutlich|irgendwann|mein bestes|unser bestes|möglichst|nach möglichkeit|wenn (?:ich"
            r"|wir) (?:zeit|dazu)|sollte (?:klappen|gehen|reichen)|ohne gewähr)\b"
        )
    },
    scoped={"condition": any_of(r"(?<!weiß )(?<!sehe )(?<!prüfe )(?<!mal )(?<!, )\b(?:falls|wenn)\b")},
    tangents=any_of(r"\s(?:und|dass|ob|was|wer)\s"),
    due=DUE,
    strong=any_of(r"(?:bis|spätestens|vor|noch|innerhalb|binnen)\b"),
    inner=re.compile(r"(?<=\s)(?:bis|spätestens|vor)\b"),
    ties=any_of(
        r"^[\s,;:()–—-]*(?:(?:und|dann|also|am besten|wohl|spätestens|geplant|meld\w* mich"
        r"|(?:geb\w*|sag\w*) (?:dir|euch|ihnen) bescheid)[\s:,]*)*$"
    ),
    not_due=any_of(
        r"\b(?:vom|von|des|seit|für|über|der|die|das|den(?! kommenden)|im|letzten|letzte|jeden"
        r"|zwischen|zu(?=\s\w+ (?:call|termin))|guten|gestrigen|heutigen)\s+$"
    ),
    ends=any_of(
        r"\s+[–—-]+\s+|[;()\n]|:(?!\d\d\b)|,\s|\s(?:aber|weil|damit|sobald|wenn|falls|bevor|nachdem)\s"
        r"|\sund (?=(?:ich|wir|du|ihr|sie|dann|melde|schicke|gebe)\b)"
    ),
    also=any_of(r"\sund\s"),
    pointing=any_of(
        r"^(?:(?:mache?n|erledigen|schicken|senden|kümmern|prüfen|liefern|mich|uns|das|es|dir|dich"
        r"|ihnen|euch|darum|drum|rüber|zu|dann|sofort|heute|an|lassen|zukommen|geben|bescheid|melden"
        r"|anschauen|ansehen|die|den|sie|ihn|gleich|übernehmen)\s?)+$"
    ),
    requests=REQUESTS,
    retracts=re.compile(
        r"^\W*(?:nein,? (?:moment|warte|stopp)|vergiss es|ach nein|quatsch|kommando zurück|korrektur)\b"
    ),
    cancels=any_of(r"\b(?:hat sich erledigt|vergiss es|schon gefunden|nicht mehr nötig|egal)\b"),
    dated=re.compile(rf"^(?>[^\w]|(?:ja|ok|klar)[,. ]+)*(?:{DUE.pattern})\s{_DATED_ACT}"),
    facts=FACTS,
    accepts=ACCEPTS,
    acts=ACTS,
    declines=DECLINES,
    done=DONE,
    undone=any_of(r"\b(?:nicht|noch nicht|wenn|falls|sobald|wird|werde|werden|kein\w*)\b"),
    worded=worded,
)
