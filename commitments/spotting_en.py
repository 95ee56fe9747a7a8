"""How promises are made, asked for and accepted in English: patterns over lower case,"
" straight apostrophes."""

from __future__ import annotations

import re

from commitments.spotting_due_en import DUE, NOT_DUE
from commitments.spotting_en_answers import (
    ACCEPTS,
    ACTS,
    ALSO,
    CANCELS,
    DATED,
    DECLINES,
    DONE,
    FACTS,
    POINTING,
    REQUESTS,
    UNDONE,
)
from commitments.spotting_en_doubts import DOUBTS, NEAR, SCOPED
from commitments.spotting_en_vetoes import BEFORE, REFUSED, TRIFLES, VETOES
from commitments.spotting_terms import Owner, Pack, Trigger, any_of
from commitments.spotting_verbs_en import ACTIONS, GERUNDS, OWN_GERUNDS, base, worded

_WILL = r"(?:i|we)(?:\s?'ll|\sll|\swill|\sshall)"
_AM = r"(?:i'm|i am|im|we're|we are)"
# What may stand between the future and its verb.
_ADVERBS = (
    r"(?:(?:also|just|definitely|certainly|gladly|happily|personally|then|still|quickly|of course|absolutely"
    r"|both|simply|surely|naturally|probably|likely|hopefully|maybe|perhaps|possibly|go ahead and|in turn|now"
    r"|next|first|instead|at least|today|tomorrow|then|be able to"
    r"|be sure to|have to(?=\s(?:check|ask|confirm|look|find)\b)|make sure to|make sure we|make sure i"
    r"|do (?:my|our) best to|try (?:to|and)|try"
    r"|aim to|hope to"
    r"|plan to|attempt to|work to|ideally|do so and)\s+){0,3}"
)
_BE = r"(?:be\s+(?=[a-z]+ing\b))?"
# Sound beginnings of a message: "Yes, will send", "Thanks Ana! Sending it tomorrow".
_START = (
    r"^(?>[\s*•>\-–—]|\d+[.)]\s|(?:ok(?:ay)?|yes|yep|yeah|sure|thanks|100 ?%|thank you|great|perfect|hi|hey"
    r"|sorry|got it|np|no problem|no worries|understood|noted|all right|alright|cool|right"
    r"|good)(?: (?!will)[a-z]+)?[,.!:]*\s"
    r"|then\s|and\s|so\s|(?:@[\w.]+|[a-z]+),\s)*"
)
_HAVE = r"have(?! to\b| an? \w+ time\b)"
# "You'll hear from the bank" is nobody's promise here.
_OURS = r"(?![^;:]{0,80}?\bfrom (?:the|your|their|his|her|an?) )"
_CHECKING = (
    r"(?=(?:check with|find out|look into|dig (?:in|into|through|up)|follow up|confirm|ask|get back|chase"
    r"|call|ping|talk to"
    r"|speak (?:to|with)|verify|see (?:if|whether|what (?:i|we) can)|get (?:you|that|it|this|those|back)|pull"
    r"|put together|draft|run (?:this|it|that) (?:by|past)|take care|investigate|raise|loop|circle back|sort"
    r"|work on|double.?check|email|figure out|come back|check (?:on|the|our|my|that|this|it|if"
    r"|whether|and))\b)"
)
_SIDE = r"(?:me|us|mine|ours|(?:on |from )?(?:our|my) (?:side|end))"
_TODO = r"(?:my|our) (?:action|to-?do|next step|deliverable|task)s?(?: items?)?"
_SENT = (
    r"(?:sent|shared|ready|done|delivered|fixed|finished|completed|deployed|shipped|updated"
    r"|submitted|resolved"
    r"|signed|returned|provided|posted|uploaded|merged|rolled out|in place|with you|in your (?:inbox|hands)"
    r"|on your desk|over to you|back to you)"
)
_TRYING = "try|trying|hope|hoping|aim|aiming|plan|planning|expect|expecting|intend|intending|target|targeting"


def _gerunds(alternatives: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+ing\b", alternatives))


TRIGGERS = (
    Trigger(
        name="promise",
        hints=("promise", "commit", "pledge", "guarantee", "undertake", "count"),
        pattern=any_of(
            r"\b(?:i|we)\s(?:hereby\s|can\s|do\s)?(?:promise|commit|pledge|guarantee"
            r"|undertake)\s(?:you\s)?(?:that\s)?"
            rf"(?:(?:i|we)(?:'ll| will)\s|to\s){_ADVERBS}",
            r"\bcount on (?:me|us) to\s",
        ),
    ),
    Trigger(
        name="promise",
        hints=("committed",),
        needs="due",
        pattern=any_of(rf"\b{_AM}\s(?:fully )?committed to\s(?=[a-z-]+ing\b)"),
    ),
    Trigger(
        name="promise",
        hints=("promise", "guarantee"),
        needs="due",
        whole=True,
        pattern=any_of(r"\b(?:i|we)\s(?:can\s)?(?:promise|guarantee)\s(?:you\s)?(?=(?:an?|the)\s)"),
    ),
    Trigger(
        name="going_to",
        hints=("going", "gonna", "imma", "mma"),
        needs="listed",
        pattern=any_of(
            rf"\b{_AM}\s(?:definitely |also |just |still )?(?:going to|gonna)\s{_ADVERBS}{_BE}"
            rf"|\bi'?mma\s{_ADVERBS}{_BE}"
        ),
    ),
    # A dated act of one's own upon something is a promise, whichever the verb.
    Trigger(
        name="will",
        hints=("ll", "will"),
        needs="due",
        is_noun=True,
        pattern=any_of(
            rf"\bi(?:'ll| will)\s+{_ADVERBS}"
            r"(?=[a-z]+ (?:the|your|our|this|these|those|all|both|an?|it|them)\b)"
        ),
    ),
    Trigger(
        name="will",
        hints=("ll", "will", "shall"),
        needs="open",
        pattern=any_of(rf"\b{_WILL}\s+{_ADVERBS}{_BE}"),
    ),
    Trigger(name="will", hints=("ill",), needs="listed", pattern=any_of(rf"\bill\s{_ADVERBS}{_BE}")),
    Trigger(
        name="let_me",
        hints=("let", "lemme"),
        pattern=any_of(rf"\b(?:let me|lemme)\s(?:just |quickly |go |go and |first |please )?{_CHECKING}"),
    ),
    Trigger(
        name="bare_will",
        hints=("ll", "will", "wil", "shall", "gonna", "going"),
        needs="listed",
        pattern=any_of(
            rf"{_START}(?:will?|shall|'ll|gonna|going to)\s+{_ADVERBS}{_BE}",
            r"(?:^|[,.!] )(?:yes,? |sorry,? )?(?:i|we|i'm|i've|we're|we've)\b[^.;:]{0,140}?"
            rf"(?:,|\b(?:and|but|then|so))\s(?:will|shall)\s+{_ADVERBS}{_BE}",
            rf"{_START}[a-z]+ing\b[^.;:]{{0,80}}?(?:,|\b(?:and|then))\swill\s+{_ADVERBS}{_BE}",
        ),
    ),
    Trigger(
        name="you_will_have",
        hints=("ll", "will", "should", "expect"),
        needs="due",
        whole=True,
        pattern=any_of(
            rf"\b(?:you'll|you can expect to|you should)\s(?:{_HAVE}|get|receive|see|hear)\b{_OURS}"
            rf"|\byou will (?:{_HAVE}|hear from)\b{_OURS}"
            r"|\byou will (?:get|receive)\b(?=[^;:]{0,80}?\bfrom (?:me|us)\b)",
        ),
    ),
    Trigger(
        name="you_will_have",
        hints=("expect", "look", "watch"),
        needs="due",
        whole=True,
        pattern=any_of(
            r"\b(?:you can )?(?:expect|look out for|watch for)\s(?:[\w'-]+\s){1,7}?from (?:me|us)\b",
            r"^\W*(?:[^;:]{0,60}[.,!]\s)?(?:you can )?expect (?:an?|the|my|our) (?:[\w-]+ ){0,3}?"
            r"(?:build|update|report|draft|patch|fix|reply|answer|response|call|mail|email|invoice|quote|version|release|proposal|plan|result)s?\b"
            r"(?![^;:]{0,40}\bfrom (?!me\b|us\b)\w)",
        ),
    ),
    Trigger(
        name="on_its_way",
        hints=("way", "coming", "heading", "headed", "follow", "inbox", "hands", "desk"),
        needs="due",
        whole=True,
        pattern=any_of(
            r"\b(?:coming|heading|headed) (?:your way|to you)\b",
            r"\b(?:will follow|on (?:its|the|their) way(?!.*\b(?:arrive|eta|tracking|courier|carrier)\b)"
            r"|to follow(?= by\b| on\b| tomorrow| today| next| this)"
            r"|in your (?:inbox|hands)|on your desk)\b",
        ),
    ),
    Trigger(
        name="will_be_done",
        hints=("ll", "will", "going", "should"),
        needs="due",
        whole=True,
        pattern=any_of(
            rf"\b(?:will be|'ll be|is going to be|are going to be|should be)\s(?:\w+ly\s)?{_SENT}\b"
        ),
    ),
    Trigger(
        name="sending",
        hints=_gerunds(OWN_GERUNDS),
        needs="due",
        pattern=any_of(rf"\b{_AM}\s(?:also |just )?(?=(?:{OWN_GERUNDS})\b)"),
    ),
    Trigger(
        name="sending",
        hints=_gerunds(GERUNDS),
        needs="due",
        pattern=any_of(rf"{_START}(?=(?:{GERUNDS})\b)"),
    ),
    Trigger(
        name="owe",
        hints=("owe",),
        needs="due",
        whole=True,
        pattern=any_of(
            r"\b(?:i|we)(?:'ll| still| do)? owe you\b"
            r"(?! (?:one\b|an? (?:beer|drink|coffee|lunch|dinner|apology)\b))"
        ),
    ),
    Trigger(
        name="list",
        hints=("me", "us", "mine", "ours", "my", "our", "action", "ai", "todo", "do"),
        needs="due",
        is_noun=True,
        pattern=any_of(
            rf"^[\s*•\-–—]*(?:\[[ x]?\]\s*)?"
            rf"(?:{_SIDE}|{_TODO}|(?:action|ai|to[- ]?do)[: (]*(?:me|us)\)?)"
            r"\s*(?:[:–—-]+>?|→|to\b)\s*"
        ),
    ),
    Trigger(
        name="list",
        hints=("me", "us"),
        needs="due",
        whole=True,
        pattern=any_of(
            r"\((?:me|us)\s*(?=(?:[,–—:-]| by | on )[^,)]{2,24}\))", r"[–—-]\s(?:me|us)(?=,| by | on |:)"
        ),
    ),
    Trigger(
        name="eta",
        hints=("eta",),
        needs="due",
        whole=True,
        doubt="estimate",
        pattern=any_of(r"\beta\b(?! \?)"),
    ),
    Trigger(
        name="can_have",
        hints=("can", "could", "should"),
        needs="due",
        doubt="ability",
        pattern=any_of(
            r"\b(?:i|we)\s(?:can|could|should)\s(?:probably |likely |definitely |also |easily "
            r"|certainly )?(?:be able to )?"
            r"(?=(?:have|get|send|deliver|turn|do|share|ship|finish|fix|provide|update|complete)\b)"
        ),
    ),
    Trigger(
        name="glad",
        hints=("happy", "glad", "delighted"),
        needs="due",
        doubt="offer",
        pattern=any_of(
            r"\b(?:i|we)(?:'d| would|'ll| will) be (?:very |more than )?(?:happy|glad|delighted) to\s",
            rf"{_START}(?:more than )?(?:happy|glad) to\s",
        ),
    ),
    Trigger(
        name="hope",
        hints=(*_TRYING.split("|"),),
        doubt="hedge",
        needs="listed",
        pattern=any_of(rf"\b(?:{_AM}|i|we)\s(?:\w+ly )?(?:{_TRYING})(?:\sto|\son|\sand)?\s{_ADVERBS}"),
    ),
    Trigger(
        name="must",
        hints=("have", "need", "got", "must", "gotta"),
        doubt="obligation",
        needs="listed",
        pattern=any_of(r"\b(?:i|we)(?:'ve got to| have to| need to| must| gotta)\s"),
    ),
    Trigger(
        name="my_list",
        hints=("my", "our"),
        needs="due",
        doubt="vague",
        whole=True,
        pattern=any_of(r"\bon (?:my|our) (?:list|plate|radar|to-?do(?: list)?)\b"),
    ),
    Trigger(
        name="team",
        hints=("ll", "will", "going"),
        owner=Owner.OTHER,
        needs="due",
        pattern=any_of(
            r"\b(?:our|my) (?:[\w-]+\s){0,2}?(?:team|engineers?|engineering|legal|counsel|lawyers?"
            r"|finance|support|security|it|ops|operations|purchasing|procurement|accounting|accounts|logistics"
            r"|warehouse|qa|marketing|admins?|planners?|technicians?|drivers?|devs?"
            r"|developers?|colleagues?|manager|boss|cto|ceo|cfo|sales|assistant|account manager|csm"
            rf"|people|folks|guys?)(?:\s?'ll| will|(?: is| are) going to)\s{_ADVERBS}{_BE}"
        ),
    ),
    Trigger(
        name="third",
        hints=("ll", "will", "going"),
        named="name",
        owner=Owner.OTHER,
        doubt="another",
        needs="listed",
        pattern=any_of(
            r"(?<![\w-])(?!it\b|this\b|that\b|you\b|there\b|which\b|who\b|what\b|i\b|we\b|and\b|but\b|email\b"
            rf"|system\b)[a-z][a-z.]+(?:\s?'ll| will|(?: is|'s) going to)\s(?!follow\b)"
            rf"{_ADVERBS}{_BE}"
        ),
    ),
)

STRONG = any_of(
    r"(?:by|before|on or before|until|till|no later|not later|within|eod|cob|ahead of|prior to"
    r"|due)\b"
)
TIES = any_of(
    r"^[\s,;:()–—-]*(?:(?:and|then|hopefully|probably|likely|should be|aim for|aiming for|target"
    r"|eta|latest|say|expect it|so|that|me|us)[\s:,]*)*$"
)
TANGENTS = any_of(r"\s(?:and|that|what|whether|which|who|where|why|how)\s")
TOGETHER = any_of(r"\bwe\b|\bwe'|\blet's")

ENDS = any_of(
    r"\s+[–—-]+\s+|[;()\[\]\n]|:(?!\d\d\b)|,?\s+\b(?:but|because|since|so that|so you|so we|so i|so|unless"
    r"|while|whereas|although|though|otherwise|as (?:i|we|you|soon|long)|if|once|which|who)\b"
    r"|,?\s+\band (?:i|we|you|he|she|they|it|that|this|then (?:i|we)|let (?:me|us)|please|[a-z]+ will)\b"
    r"|,\s+(?:let|please|can|could|just|do|does|is|are|ok|okay|right|thanks|thank|sorry|cheers"
    r"|sound|hope|i|we|you|he|she|they|it|and)\b"
    r"|\s+when\b|\s+after (?:i|we|you|talking|speaking)\b"
    r"|\s+(?:thanks|thank you|thx|tnx|ty|cheers|please|pls)\b"
    r"|\s+ok\?|,\s*$",
)


VERB = any_of(
    r"(?!(?:you|it|we|i|he|she|they|there|this|that|the|an?|my|our|your|their|his|her|some|any"
    r"|all|these|those|in|on|at|to|for|of|with|from|by|s|re|ve|d)\b)[a-z]{2,}"
)

PACK = Pack(
    empty=any_of(r"^do(?: (?:it|that|this|so|them|those))?$"),
    base=base,
    verb=VERB,
    language="en",
    cue=None,  # each trigger has its hints
    triggers=TRIGGERS,
    actions=ACTIONS,
    refused=REFUSED,
    vetoes=VETOES,
    before=BEFORE,
    trifles=TRIFLES,
    near=NEAR,
    tangents=TANGENTS,
    doubts=DOUBTS,
    scoped=SCOPED,
    together=TOGETHER,
    strong=STRONG,
    inner=re.compile(
        r"(?<=\s)(?:by|before|no later|(?:next|this) (?:week|month))\b|(?<=\d )(?:today|tomorrow|tonight)\b"
    ),
    ties=TIES,
    due=DUE,
    not_due=NOT_DUE,
    ends=ENDS,
    requests=REQUESTS,
    facts=FACTS,
    accepts=ACCEPTS,
    acts=ACTS,
    declines=DECLINES,
    done=DONE,
    undone=UNDONE,
    retracts=re.compile(
        r"^\W*(?:no,? wait|scratch that|strike that|actually,? no|wait,? no|never ?mind|correction)\b"
    ),
    cancels=CANCELS,
    dated=DATED,
    also=ALSO,
    pointing=POINTING,
    worded=worded,
)
