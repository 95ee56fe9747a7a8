"""How things are asked for, taken on, turned down and reported done in English."""

from __future__ import annotations

import re

from commitments.spotting_due_en import DUE
from commitments.spotting_terms import any_of

_PLEASE = r"(?:\s(?:please|possibly|kindly|also|maybe|quickly|just|pls|be able to|perhaps))*\s+"
REQUESTS = (
    (
        "when",
        any_of(
            r"\b(?:when|by when|how soon)\s(?:can|could|will|would|should|do|are|is|might"
            r"|'ll)\s(?:you (?:guys )?|we |i )?(?:be able to |expect |get |have |receive |see "
            r"|think you(?:'ll| will| can) )*",
            r"\b(?:any|what's the|what is the|got an) (?:eta|timeline|date|update|news)(?: (?:on|for"
            r"|about))?\s+",
        ),
    ),
    (
        "act",
        any_of(
            r"\b(?:can|could|would(?! you mind)|will|might|can't|couldn't) (?:you|u|someone|somebody"
            r"|anyone|anybody"
            r"|your (?:team|side|people)|one of you)(?: guys| all| folks)?(?: on your (?:side|team"
            rf"|end))?{_PLEASE}(?=[a-z])",
            r"\b(?:it would be (?:great|good|nice|helpful|awesome|super|lovely)|would be (?:great|good"
            r"|nice|helpful)|appreciate it|i'd appreciate it|we'd appreciate it|grateful|wondering)"
            r"[\w\s]{0,20}? if (?:you|someone)(?:'d)?(?: can| could| would)?\s+",
            r"\b(?:any chance|is there any (?:chance|way)|is it possible|would it be possible"
            r"|possible)(?: for)?(?: you| someone| your team| we)?(?: can| could| to| guys)*\s+(?=[a-z])",
            r"\b(?:would you|do you|you)?\s?mind\s(?=[a-z]+ing\b)",
            r"\b(?:we|i)(?:'d| would)? (?:really |also |still )?(?:need|want|like|love) you (?:guys )?to\s+",
            r"\b(?:don't forget|remember|be sure|make sure) to\s+",
            r"\b(?:someone|somebody|one of you)(?: of you)? (?:needs|has|will need|ought) to\s+",
            r"\b(?:if you could)(?: please| also| just)?\s+",
        ),
    ),
    (
        "act",
        any_of(
            r"\b(?:please|pls|plz|kindly)(?: also| just| do)?\s+(?=[a-z])",
            r"^(?>[\s*•\-]|(?:hi|hey|hello|also|and|ok|thanks|then)(?: [a-z]+)?[,!.:]*\s|@[\w.]+[,:]?\s"
            r"|[a-z]+[,:]\s)*(?=(?:send|share|forward|provide|let us know|let me know|update|add|fix"
            r"|check|resend|confirm|give|get|prepare|include|remove|change|book|schedule|make)\b)",
        ),
    ),
    (
        "wish",
        any_of(
            r"\b(?:we|i)(?:'d| would) (?:really |also )?(?:appreciate|love|like)(?: to (?:have|get|see"
            r"|receive))?\s(?!to\b|you\b|for\b|it if\b|if\b)"
        ),
    ),
    (
        "thing",
        any_of(
            r"\b(?:we|i)(?:'ll|'re going to)? (?:really |also |still |just |urgently )?(?:need"
            r"|want)(?: to (?:have|get|see|receive))?\s(?!to\b|you\b|for\b|it if\b|if\b)",
            r"\b(?:can|could|may|might) (?:we|i)(?: please| also| maybe)? (?:please )?(?:get|have|see"
            r"|receive)\s+",
            r"\b(?:still |we're |i'm |we are |i am )+(?:waiting (?:for|on)|missing|looking for"
            r"|in need of)\s+",
            r"\b(?:it would be|would be) (?:great|good|nice|helpful|awesome|super|lovely) to (?:get|have"
            r"|see)\s+",
        ),
    ),
)

CANCELS = any_of(
    r"\b(?:never ?mind|nvm|no longer need|(?:please )?ignore (?:that|this|my)|(?:i|we) found it"
    r"|got it now|all sorted|figured it out|disregard)\b"
)
DATED = re.compile(
    rf"^(?>[^\w]|(?:yes|ok|sure|probably|should be)[,. ]+)*(?:{DUE.pattern})(?=\s*(?:$|[,.!;–—-]"
    r"|works|is (?:fine|ok|doable|good)|should|latest|rather|instead|ok))"
)
ALSO = any_of(r"(?:,\s+|\s)(?:and|&)\s(?:then |also )?|,\s")
POINTING = any_of(
    r"^(?:do|send|get|share|take|handle|make|add|fix|check|look|forward|update|sort|have|be"
    r"|finish|prepare|see|bring|provide|give|put|deliver|turn|push|raise|chase|follow|pick|own"
    r"|run|confirm|find|work|circle|come|ping|let)"
    r"(?: (?:into|at|on|up|out|over|after|back|off|with|around|through|down|together|by|in|to|for"
    r"|care of|it|that|this|them|those|these|one|both|so|you|u|us|me|them|all|know|too|asap|done"
    r"|ready|sent|sorted|posted|right away|shortly|soon|ahead|and|a look|a version|something))*$",
    r"^you(?:'ll| will| can| should)? (?:have|get|receive|expect) (?:it|that|this|them|those)"
    r"(?: all| then| back)?(?: (?:rather than|instead of)\b.*)?$",
)
FACTS = any_of(
    r"(?:hear|see (?:my|the|this|it|us)|join|attend|make it|come|meet|access|log in|open|view"
    r"|imagine|believe|use|export|import|support|handle|integrate"
    r"|think|have|work|find|live|afford|remember|understand|recommend|do (?:that|this) (?:myself"
    r"|ourselves))\b",
    r"(?:confirm|tell (?:me|us)|remind (?:me|us)|explain|clarify|let (?:me|us) know)\s(?:that"
    r"|whether|if|you|what|how|why|which|who|where|this (?:is|works)|it (?:is|works)|the (?:time"
    r"|date) works)\b",
    r"(?:a )?(?:quick )?(?:call|chat|meeting|word)\b",
)
ACCEPTS = any_of(
    r"^(?>[^\w👍✅🫡]|(?:hi|hey|ah|oh|thanks|thank you|great|perfect|good (?:point|idea|call|catch)"
    r"|got it|understood|noted|sorry|apologies|fair|right|makes sense)(?:[ ,]+(?!will|sure|yes|ok"
    r"|on)[a-z]+)??[,.!:]*\s|@[\w.]+[,:]?\s|[a-z]+,\s)*?"
    r"(?:sure(?: thing)?|100 ?%|yes|yep|yeah|yup|ya|ok(?:ay)?|absolutely|of course|definitely|certainly"
    r"|will do|can do|no problem|np|no worries"
    r"|happy to|glad to|gladly|my pleasure|with pleasure|on it|(?:i'm|i am|we're) on (?:it|this)"
    r"|sounds good|consider it done|leave (?:it|this|that) (?:with|to) (?:me|us)"
    r"|you bet|you got it|roger(?: that)?|aye|totally|for sure|copy that|i can do that"
    r"|we can do that|doable|that works|that's (?:fine|doable|no problem)|deal|i(?:'ll"
    r"| will) do (?:that|it|so)|(?:i|we) (?:will|shall)(?=\s*(?:$|[,.!]))"
    r"|we(?:'ll| will) do (?:that|it)|i(?:'ve| have)? got (?:it|this|you)|👍|✅|🫡)(?![\w'])",
)
ACTS = any_of(
    r"\b(?:will do|can do|(?:i|we) (?:will|shall)(?=\s*(?:$|[,.!]))"
    r"|on it|on this|consider it done|leave (?:it|this|that) (?:with|to)"
    r"|you got it|i got (?:this|you)|i'll do|i will do|we'll do|happy to|gladly|i've got (?:it"
    r"|this)|i can do that|we can do that|sure thing|you bet|no problem)\b",
)
DECLINES = any_of(
    r"^[^.!?]{0,40}:\s\w",  # what was asked for follows at once
    r"\b(?:give me|in|just) (?:an?|one|two|five|ten|\d+) ?(?:sec|second|min|minute|moment)s?\b",
    r"\b(?:can't|cannot|can not|won't|unable|not able|unfortunately|afraid|no longer"
    r"|not (?:possible|sure|yet|currently|really|today|this|now)|don't|isn't|doesn't|didn't"
    r"|haven't"
    r"|you can|you could|you'll (?:need|have) to|you should|you need|feel free|already|(?:see|is"
    r"|are) (?:above|attached|below)|attached|here (?:it is|you go|are|is)|here's|it's (?:in|at"
    r"|on|under)|just (?:sent|did|shared)"
    r"|sent|done\b(?<!be done)(?<!it done)|but (?:not|only|we|i|it|that|first)|let me (?:think"
    r"|see)|maybe|not)\b",
)
DONE = any_of(
    r"\b(?:i|we)(?:'ve| have)?(?: just| now| already| also)* (?:sent|shared|shipped|delivered"
    r"|deployed|uploaded|fixed|merged|pushed|submitted|published|released|forwarded|finished"
    r"|completed|emailed|e-mailed|posted|rolled out|resolved|updated|added)\b(?! (?:by|from)\b)",
    r"\b(?:just|now|already) (?:sent|shared|shipped|delivered|deployed|uploaded|fixed|merged"
    r"|pushed|submitted|published|released|forwarded|emailed|posted)\b",
    r"^(?>[^\w]|(?:hi|hey|ok|yes|yep)(?: [a-z]+)?[,!.]\s)*(?:sent|done|shipped|delivered|deployed"
    r"|uploaded|fixed|merged|shared|all set)\b(?! (?:by|from|with)\b)",
    r"\bas promised\b|\b(?:i|we)(?:'d| had)? promised\b.*\battached|\b(?:has|have) (?:just "
    r"|now )?been (?:sent|shared|shipped|delivered|deployed|uploaded|fixed|merged|submitted"
    r"|published|released|resolved|updated)\b"
    r"|\b(?:is|are) (?:now )?(?:live|fixed|deployed|in your inbox|in your hands)\b"
    r"|\b(?:please )?(?:find )?attached(?: is| are| you'll| please)\b",
)

UNDONE = any_of(
    r"\b(?:not|n't|never|if|once|when|you (?:have |just )?(?:sent|shared)|until|yesterday's)\b"
    r"|n't\b"
)
