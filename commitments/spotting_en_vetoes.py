"""What looks like a promise in English and is none."""

from __future__ import annotations

from commitments.spotting_terms import any_of

REFUSED = {
    "presence": any_of(
        r"be\b(?! (?:in touch|back (?:to|in touch|with (?:an?|the|more|some|news|answers?|details))"
        r"|sure to))",
        r"(?:attending|joining|meeting|coming|driving|flying|travell?ing|facilitating|staying|heading|leaving"
        r"|hosting|going|having|waiting|seeing|moving|visiting)\b|(?:attend|join|meet"
        r"|come(?! back to)|arrive|stay|travell?|facilitate|fly|drive|head|miss|wait|await|commute|remain)\b",
        r"(?:see|catch) (?:you|ya|y'all|everyone|each|u)\b",
        r"make (?:it|the (?:meeting|call|appointment|thursday))(?=\s*(?:$|[.,;!]|to|on|by|at|in|there"
        r"|tomorrow|today|tonight|for))",
        r"(?:stop|swing|drop|come) (?:by|over|in)\b|(?:hop|dial|jump|call|pop|log) (?:in|on|off)(?:to)?\b",
        r"(?:start|begin)\b(?! (?:on (?:the|it|this|that|your)|with the|the|your|drafting|writing"
        r"|building|working|looking|preparing))"
        r"|(?:end|graduate|retire|rejoin|depart|dine|party|relocate|park|golf|ski)\b|step (?:out|away"
        r"|down|in)\b|show up\b"
        r"|plan (?:on|to|for)\b|stick around|sign off\s*$|get back(?! (?:to|with|in touch)\b)"
        r"|get to (?:the|[a-z]+ (?:by|around|at|on))\b",
        r"return(?: back)?(?=\s*(?:$|[.,;]|on\b|from\b|home|next|this|tomorrow|mon|tue|wed|thu|fri"
        r"|to (?:the office|work)))"
        r"|land\b|check (?:in|out) (?:at|of) the|check out\s*$|dial in\b|reach (?:[a-z]+ )?(?:at"
        r"|by|around)"
        r"|catch (?:a|the|my)\b|visit (?!with)|work (?:from|out of|remotely|late)\b",
        r"take (?:(?:the|a|my) )?(?:train|flight|day|days|week|vacation|break|plane|bus|cab|nap|pto"
        r"|leave|lunch|place|holiday|time)\b",
        r"take (?:[a-z]+ ){0,3}off\b|go\b(?! (?:through|over|ahead|back to|after|and)\b)"
        r"|leave\b(?! (?:(?:you|him|her|them) )?(?:a|another) (?:\w+ )?(?:message|note|voicemail)\b)"
        r"|sit\b|stand\b|hang\b|eat\b"
        r"|sleep\b|resurface|move\b(?= (?:in|there|to)\b)",
        r"get (?:there|here|home|going|started|off|in\b(?! touch)"
        r"|to the (?:office|airport|hotel|meeting|gate)|together|some\b|out\b|a drink|dinner|lunch|on a)",
        r"have (?:lunch|dinner|breakfast|drinks?|a (?:drink|beer|call|meeting|look forward)|fun|to\b"
        r"|no\b|been|time|class|calls?|meetings?|\d)",
        r"run (?:late|out|into)|bring (?:the )?(?:beer|snacks|cake|donuts|doughnuts|coffee)"
        r"|present at|speak at|host\b",
    ),
    "joint": any_of(
        r"(?:close|present|set up|open)\s*(?=$|on\b|at\b|by\b|mon|tue|wed|thu|fri|tomorrow|today|next"
        r"|this)|(?:do|have|run|hold) (?:the|a|an|our) (?:[\w-]+ )?(?:meeting|call|demo|dry run"
        r"|all-hands|lunch|webinar|party|review|sync|session)\b",
        r"(?:discussing|talking|chatting|needing|using|starting|covering|discuss|talk|chat|meet"
        r"|catch up|sync|connect|regroup|touch base|reconvene|see\b|brainstorm|speak|decide"
        r"|get together|circle up|huddle|debrief|go over|walk through|work (?:together|closely"
        r"|something|things|it out|this out)"
        r"|figure|find (?:a )?(?:time|way|something)|need|want|all\b|both\b|have\b(?! (?:it|that|this"
        r"|the|an?|your|our|someone|my)\b)|do (?:this|it|that) together"
        r"|review (?:it|this|that)? ?together|cover|move (?:forward|ahead|on)|hear|align"
        r"|have (?:[\w-]+ ){0,3}(?:meetings?|calls?|session|happy|party|lunch|sync|drinks?|event|demo"
        r"|dinner)\b|start\b(?! on (?:the|it|this|that|your)\b)|continue|plan\b|use\b|celebrate)\b",
    ),
    "calendar": any_of(
        r"make (?:the |my |our )?(?:[\w:]+ ){0,2}(?:meeting|call|appointment|flight|train|dinner|party)\b",
        r"make (?:time|room|myself|ourselves|plans)\b|set aside\b|(?:keep|hold|free up|clear|mark"
        r"|block) (?:off |out )?(?:my|our|the|that|mon|tue|wed|thu|fri)",
        r"put (?:it|this|that) (?:on|in) (?:my|the|our) calendar|(?:swing|walk|run|ride|come|go|drive"
        r"|pop) (?:by|over|down|up|around|along)\b(?! (?:to (?:it|this)|the|what|your))",
        r"(?:participat|represent|interview|golf|swim)\w*|cover for\b|touch base|hook up|ride\b"
        r"|open the (?:store|doors?|office|house)",
        r"(?:talk|speak|chat|visit)(?:ing)? (?:to|with) (?:you|ya|u|everyone|y'all)(?! (?:\w+ )?about\b)"
        r"|look for you|do (?:lunch|dinner|brunch|breakfast|coffee|drinks|yoga)\b",
        r"work(?:ing)?(?= (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun|tomorrow|tonight|today|this"
        r"|next|until|all|half|a (?:full|half|double))|\s*$)",
        r"(?:finish|wrap) (?:up )?(?:here|work|my (?:shift|day))\b|close (?:my|the) (?:laptop|shop"
        r"|door|office)|get (?:up|down|over|out|in|back) (?:there|here)\b",
        r"bring (?:the|my|our) (?:kids|family|wife|husband|dog|lunch|dinner|drinks)|bring (?:lunch"
        r"|dinner|drinks|coffee|breakfast|dessert)|give you a hug",
        r"take (?:the|a|an|my) (?:[\w:]+ )?(?:flight|train|bus|cab|plane|day|week|nap|car)\b"
        r"|check in (?:on|at) (?:mon|tues|wednes|thurs|fri|satur|sun|the hotel|\d)",
        r"(?:play|run (?:the|a) marathon|test drive|pass (?:on|for)|sit in)\b",
    ),
    "outcome": any_of(
        r"(?:receive|learn|earn|inherit|benefit|face|incur|exceed|lack|total|cost|qualify|suffer"
        r"|recover|grow|hit|save money|realize|realise"
        r"|go live|happen|get (?:paid|hit|caught|stuck|busy|one\b|some\b|a (?:lot|chance|better|sense"
        r"|feel|raise|break)|our (?:money|chance)|my (?:money|chance|way)))\b",
    ),
    "idiom": any_of(
        r"(?:say|admit|assume|bet|guess|grant|argue|note that|add that|pretend|believe|remember|know"
        r"|understand|want|need|like|love|hate"
        r"|prefer|use|stick|skip|vote|opt|stop|refrain|die|kill|lose|win|never|not|no|defer|trust"
        r"|suggest|recommend|expect|hope|owe"
        r"|continue|enjoy|ignore|forgive|apologi[sz]e|appreciate|thank|repeat|refer|quote|rely|depend"
        r"|appear|seem|experience|mention"
        r"|end up|become|find (?:myself|it|this)|feel|hear|watch|live|pray|survive|manage\s*$|laugh"
        r"|cry|relax|chill|rest|admire|dream|panic|explode|faint|scream|complain|disappear|fall"
        r"|starve|grab|marry|matter|sound|mean|tend|fail|retire|deserve|blame|judge|save|cease|wish"
        r"|agree|disagree|always|regret|treat|beat|bear|look(?:ing)? forward|spend|accept|rather"
        r"|forever|spare)\b",
        # Light verbs that say something by the words after them.
        r"tell (?:you|u) (?:what(?=\s*(?:$|[:,–-]))|why|something|one thing|a (?:secret|story))"
        r"|show you what (?:i|we) mean|give you (?:that|this much)(?=\s*(?:$|[^\w\s]))"
        r"|give (?:it|this|that) to you straight|put (?:it|this|that) (?:this way|simply|differently|bluntly"
        r"|mildly|nicely|like this|in (?:other|simple|plain) words)"
        r"|call (?:it|that|this) (?!in\b|up\b|off\b|out\b|back\b)\w"
        r"|make (?:do|sense|it (?:up|work)|up my mind)\b"
        r"|do (?:better|(?:my|our) (?:homework|part|bit|(?:very )?(?:best|utmost)))\b"
        r"|look back (?:at|on) (?:it|this)|have (?:my|our) (?:hands|plate|work)\b"
        r"|have an? (?:coffee|tea|snack|bite|break|nap|laugh|think)\b"
        r"|(?:cook|celebrate|board)\b|(?:reach|enter) the\b|turn \d|follow\b(?![ -](?:up|through|back))"
        r"|(?:raise|increase) (?:you|(?:our |the |all )?(?:prices?|rates|fees))\b"
        r"|take (?:one|two|three|four|five|\d+|both)(?=\s*(?:$|[^\w\s]))",
        r"leave (?:it|that|this)|take (?:it|that) (?:as|from)|take your word|start (?:by|with|off)"
        r"|think\b(?! (?:about|it over|through))",
        r"see\b(?! (?:what (?:i|we) can|if|whether|about|to it))|let (?!you know|u know|(?:him|her"
        r"|them|everyone|everybody|folks|[a-z]+|the (?:team|customer)) know|y'all know)",
        r"call it\b|cross (?:that|my|our)|keep (?:an open|my|our fingers|it (?:short|brief|simple)"
        r"|this (?:short|brief)|quiet|calm|going|in mind|doing)",
        r"pass\b(?! (?:it|this|that|along|on|your))|give (?:it|this|that) (?:a (?:shot|try|go)|some)"
        r"|give up|pick\b(?! (?:it|this|that) up)|rest my|hold\b(?! (?:an?|our|the)\b)",
        r"get (?:much|closer|through)\b|get it(?=\s*(?:$|[.,;!]))"
        r"|get (?:used|over|to see|the hang|better|back to (?:work|it"
        r"|normal))(?=\s*(?:$|[.,;!]|to\b|of\b))|ask (?:you|that|again)|take (?:the|my) (?:blame"
        r"|chance|fifth|hit)|buy\b|try$|take (?:you|him|her|them)(?:/\w+)? up|do (?:well|fine|great)",
    ),
}

VETOES = {
    "reported": any_of(r"\b(?:according to|as per) (?!our\b|my\b|the (?:plan|agreement)\b)"),
    "question": any_of(r"[,–-]\s*(?:correct|right)\s*$"),
    "marketing": any_of(
        r"\b(?:unsubscribe|newsletter|click (?:here|below|above|the|on)|subscri(?:be|ption)|free trial"
        r"|discount|special offer|limited time|prize|miracle|bible\b|lord\b|giveaway|coupon|third parties"
        r"|early access|privacy|loan|credit card|all day,|act now|sign up (?:now|today|here|for)|order number"
        r"|your (?:order|subscription|trial)\b(?=.*\b(?:ships?|expires?|renews?)))|\$link|\d% off|<http",
    ),
    "joke": any_of(
        r"\b(?:(?:lol|haha+|hehe+|jk|j/k|kidding|lmao|rofl)\b|pigs fly|hell freezes|in my dreams"
        r"|eat my (?:hat|shoe|sock)|world peace|first.?born|million (?:years|dollars)|sell my (?:soul|kidney)"
        r"|buy (?:you|everyone|us all) (?:a |all )?(?:beer|drink|pony|boat|round|coffee|pizza)"
        r"|take over the world|move to (?:mars|a farm)|my evil twin|become a (?:farmer|monk))"
        r"|(?<!\S)/s\b|[😂🤣😜🙃🍻😝🤪😆]"
    ),
    "product": any_of(
        r"\b(?:automatically|by default|each time|every time|whenever|per (?:our|the) policy|normally"
        r"|usually|typically|as (?:always|usual)"
        r"|generally|in general|the (?:system|app|bot|job|script|tool|widget|server|service|api) will"
        r"|on failure|will retry|retries)\b",
    ),
}

TRIFLES = {
    "private": any_of(
        r"\b(?:my|our) (?:\w+ )?(?:kids?|children|wife|husband|partner's|mom|mum|dad|mother|father"
        r"|parents|sons?|daughters?|brother|sister|family|girlfriend|boyfriend|dog|cat)\b",
        r"\b(?:an?|some|the) (?:beers?|pints?|coffee|drinks?|cake|cookies|pizza)\b(?! \w)",
        r"\bsending (?:\w+ )?(?:vibes|love|hugs|wishes|thoughts|prayers|greetings|regards)\b",
    ),
    "joint": any_of(
        r"\bwe(?:'ll| will)\b.{0,60}?(?<!put )(?<!pull )(?<!bring )(?<!get )(?<!it )(?<!this )(?<!them )"
        r"\btogether\b(?! with)"
    ),
    "immediate": any_of(
        r"\b(?:right now|now(?! on\b| that\b)|in a (?:sec|second|moment|minute|min)\b|one sec|brb"
        r"|as we speak|real quick|momentarily"
        r"|in (?:a few|a couple(?: of)?|one|two|five|ten|[1-9]|1[0-5]) ?(?:s|secs?|seconds?|m|mins?"
        r"|minutes?)\b|in (?:two|five|ten|[25]|10|15)(?=\s*(?:$|[.,;!])))",
    ),
}

_SAYING = (
    r"(?:said|says|saying|told|tells|mentioned|claimed|promised|heard|wrote|asked|suggested"
    r"|reckons|assumed|assumes|thinks?|thought"
    r"|believes?|wondering|asking|swore|insists?|hopes?|feels?|knows?|understands?|explained|announced)"
)
BEFORE = {
    "reported": any_of(
        r"\b(?:he|she|they|you|it|who|everyone|people|customers?"
        rf"|(?!(?:i|we)\b)[a-z]+)\s(?:\w+ly\s)?{_SAYING}(?:\s(?:me|us|him|her|them|you|the team|everyone"
        r"|[a-z]+))?(?:\s(?:that|if|whether))?[\s,:]*$",
        r"\b(?:said|told (?:me|us|him|her|them|you|[a-z]+)|saying|heard|according to [a-z]+"
        r"|claim(?:ed|s)|promised)(?:\sthat)?[\s,:]*$",
        r"\bif (?:he|she|they|someone|anyone) (?:asks?|says?)[^,]*$",
    ),
    "condition": any_of(
        r"^(?:.*[,;:.!?]\s+)?(?:(?:and|so|or|but|then|also|just|please|pls|kindly|yes|ok|can you"
        r"|could you|would you|feel free to|you can|you could|if you can)[\s,]+)*"
        r"(?:let (?:me|us|[a-z]+) know|remind|send|call|give(?! (?:me|us) (?:an?|until|till|\d+|some)\b)"
        r"|reply|respond|tell|ping|email|e-mail|dm|shoot"
        r"|drop|share|fill|sign|open|just say|say|contact|forward|point"
        r"|add|invite|grant|file|log|raise|submit|upload|post|book|pick|choose|confirm|approve|set up"
        r"|hop|jump|come|stop by|take|try|get|put|leave|provide|reach out|text|refresh|keep)\b"
        r"(?!.*\b(?:(?:let me|let us) know (?:by|before)|i|we)\b\s(?:think|have"
        r"|will)).*\b(?:and(?: then)?|&|then|so)[\s,]+(?:so |then |maybe |of course )?$",
        r"\b(?:otherwise|or|or else|in that case|in which case|then maybe|maybe|perhaps)[\s,]+$",
    ),
    "embedded": any_of(
        r"(?<!assured )(?<!promise )(?<!confirm )(?<!sure )(?<!word )(?<!note )\bthat\s(?:[a-z]+ and )?$",
        r"\b(?:what|how|where|why|which|who|whom|whether|if|unless|because|since|assuming|until"
        r"|wherever|however|when|while|in case|so that|before|by the time"
        r"|hope|wish|doubt|pretend|guess|imagine|as though|as if|afraid)(?: that)?\s+$",
        r"\b(?:don't|doesn't|not|never|can't) (?:think|believe|say|know|mean|see|expect|promise"
        r"|commit|guarantee)(?:ing)?(?: that)?\s+$",
        r"\b(?:want|ask|asking|asked|wants|like|need) (?:\w+ )?(?:if|whether)\s+$",
        r"\b(?:ask|asking|make sure|ensure|not|doubt|know|fact|idea|chance|way|reason|likely|time|day"
        r"|week|thing|things|everything|anything|something|stuff|list|only|one|ones) (?:that )?$",
    ),
}
# Whether somebody can be reached is no condition on what they do.
IS_THERE = (
    r"(?:you|u|he|she|they)(?:'re|'s| are| is) (?:still )?(?:around|free|available|in|there|online|about)"
)
_READER = (
    rf"(?!{IS_THERE}\b)(?:"
    r"you|u|your|y'all|that (?:works|helps|suits)|this (?:works|helps)|it (?:works|helps|suits"
    r"|is useful)|needed|necessary|required"
    r"|desired|wanted|useful|helpful|(?:that's|it's|that is|it is) (?:ok|okay|fine|useful|helpful"
    r"|easier|better)|anyone|anybody|someone|somebody|not\b)"
)
VETOES["condition"] = any_of(
    r"\b(?=[aipuw])(?<!know )(?<!see )(?<!check )(?<!out )(?<!ask )(?<!confirm )(?<!me )(?<!us )(?<!to )(?:"
    rf"if|unless|whenever|in case|as long as|provided|assuming)\s{_READER}",
    r"\b(?=[aostw])(?<!know )(?<!out )(?<!see )(?:once|after|as soon as|soon as|when|the (?:moment"
    r"|minute))\s(?:you|u)(?:'ve|'re| have| are|r)?\s(?!get back\b|(?:can|may|will|could"
    r"|should)\b|\w+ (?:back|in|here) (?:on|next|tomorrow))",
    r"^(?:.*[,.;]\s)?should you\b|\bwhen i hear (?:back )?from you|\bupon (?:your|receipt)"
    r"|\bat your (?:request|convenience)|just say (?:the word|when)|\b(?:want|like) (?:me"
    r"|us) to\b|pending your",
)
