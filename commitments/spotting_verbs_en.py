"""English verbs that somebody could check, and how a promise's words become a title."""

from __future__ import annotations

import re

_LISTED = """
    send resend forward share get give deliver provide ship email e-mail mail fax write draft
    prepare make create build design implement add remove fix repair resolve solve correct patch
    debug investigate check double-check recheck verify confirm test review read revise edit update
    upgrade change adjust modify refresh rewrite rework reproduce look find dig figure follow circle
    come report post publish upload document record log file submit register sign return refund
    credit invoice bill pay order quote price estimate calculate compile collect gather pull put set
    schedule book arrange organise organize plan coordinate call phone ring ping text dm message
    contact reach ask tell inform notify alert let introduce connect loop cc copy invite raise
    escalate flag open close reopen merge deploy release roll push launch enable disable activate
    grant revoke configure install migrate move transfer export import restore reset restart rotate
    provision whitelist allowlist extend renew cancel finish complete finalise finalize wrap sort
    handle manage own take tackle do run work keep bring hand pass relay show walk help train
    present summarise summarize translate analyse analyze assess evaluate compare measure monitor
    track watch approve accept sign-off ensure see talk speak discuss chase nudge remind answer
    reply respond address explain clarify outline map scope propose suggest negotiate clean clear
    reserve hold have turn drop shoot start begin stage ready unblock prioritise prioritize
    drive lead liaise consult visit deal attach include incorporate lay fill spend pick buy throw
    issue host replace swap reissue regenerate generate backport bump research study examine inspect
    explore poll survey trace cover rename simplify reduce increase double trim tidy supply furnish
    render request secure obtain acquire source dispatch courier redo retry scan photograph
    reprocess rerun re-run backfill whip crank spin sync process
    fedex overnight circulate expedite onboard offboard benchmark sanity-check cross-check spot-check
    proofread vet audit diagnose validate triage troubleshoot redline amend countersign initial notarise
    notarize advise requote waive honor honour reimburse compensate prorate reinstate unlock unfreeze
    revert rebuild recreate recalculate reconcile resubmit reupload re-upload reroute reassign retest
    retrain redesign redraft reword rephrase recap itemise itemize aggregate mock sketch prototype demo
    screenshot annotate tag link tweak tune optimise optimize harden mitigate remediate isolate nail
    flesh hunt prep firm absorb hotfix champion rebase squash reindex reprint relabel repack restock
    reorder recalibrate calibrate print label pack load unload wire remit settle brief mark count assign
    delegate allocate pour assemble mount dismantle paint drill weld overhaul
"""
_VERBS = _LISTED.split()
_UNLISTED = {
    "show",
    "buy",
    "host",
    "drive",
    "lead",
    "watch",
    "accept",
    "discuss",
    "suggest",
    "start",
    "begin",
    "have",
    "visit",
    "explain",
    "see",
    "hold",
    "drop",
    "throw",
    "issue",
    "pick",
    "bring",
    "plan",
    "run",
    "close",
}
_PHRASES = (
    r"go (?:over|through) (?:it|this|that|the|your|them|all)\b|go and (?:ask|check|see|look|get|find)\b",
    r"have (?:it|that|this|them|those|the|an?|your|our|my|someone|somebody)\b",
    rf"have (?!to\b)[a-z]+ (?:{'|'.join(sorted({*_VERBS} - {'call', 'meeting'}))}|call)\b",
    r"start (?:on|drafting|writing|building|working|the|looking|preparing)\b",
    r"see (?:what (?:i|we) can|if|whether|about|to it)\b",
    r"discuss (?:it|this|that|the|with|how)\b",
    r"be (?:in touch|back (?:to|with|in touch))\b",
    r"drop (?:you|them|him|her|it|a|an|the|off)\b|throw (?:together|in)\b|pick (?:it|this|that"
    r"|them) up\b|pick up\b",
    r"bring (?:it|this|that|them|the|you|up|in)\b|run (?:it|this|that|the|some|a|these|those|through|by)\b",
    r"close (?:it|this|that|the|out)\b|hold (?:an?|our|the)\b|issue (?:a|an|the)\b|show (?:you"
    r"|them|this|that|it)\b|lead (?:the|on)\b|drive (?:this|it|the)\b|think about\b|visit with\b"
    r"|explain (?:it|this|that|the|to)\b|catch (?:him|her|them)\b",
    r"leave (?:(?:you|him|her|them) )?(?:a|another) (?:\w+ )?(?:message|note|voicemail)\b",
)


def _gerund(verb: str) -> str:
    if (
        verb
        in (
            "get",
            "put",
            "set",
            "run",
            "dig",
            "pull",
            "let",
            "log",
            "map",
            "flag",
            "drop",
            "ship",
            "submit",
            "plan",
            "wrap",
            "cc",
            "spin",
            "swap",
            "bump",
            "reset",
            "rerun",
            "re-run",
            "commit",
            "throw",
            "bring",
        )
        and verb[-1] not in "lwy"
        and verb[-2:] not in ("mp", "ng")
    ):
        return verb + verb[-1] + "ing"
    if verb == "own":
        return "owning"
    return verb[:-1] + "ing" if verb.endswith("e") and not verb.endswith("ee") else verb + "ing"


_BASES = {_gerund(verb): verb for verb in _VERBS}
ACTIONS = re.compile(
    "(?:"
    + "|".join(sorted({*_VERBS, *_BASES} - _UNLISTED, key=len, reverse=True))
    + r")(?![\w'])|"
    + "|".join(_PHRASES)
)
# "Sending it by Friday" is a promise; "working on it today" is the present.
GERUNDS = (
    "sending|resending|shipping|sharing|delivering|forwarding|releasing|deploying|publishing"
    "|submitting|pushing|mailing"
    "|rolling|uploading|handing|getting (?:you|it|this|that|back)|emailing|following up with|returning"
    "|finishing|fixing|re-running|rerunning|restarting|replacing|refunding|installing"
)
# With a subject more do: "I'm filing the claim today". What may be going on already (preparing) does not.
OWN_GERUNDS = (
    f"{GERUNDS}|filing|migrating|upgrading|crediting|escalating|adding|removing|swapping|restoring|correcting"
    "|issuing|transferring|dispatching"
)

_LEAD = re.compile(
    r"^(?:also|just|definitely|certainly|gladly|personally|then|go ahead and|do my best to|try to"
    r"|try and|and|to)\s+",
    re.I,
)
_DATIVE = re.compile(
    r"^((?:re)?send|give|forward|email|e-mail|mail|show|provide|ship|bring|hand|pass|get|fax"
    r"|shoot|share|drop)\s+(?:you|us|me|u|ya|y'all)\s+"
    r"(?:all\s+|guys\s+|over\s+|back\s+)?(?=(?:with\s+)?(?!on\b|to\b|into\b|up\b|set\b|in\b"
    r"|back\b|a call\b|a ring\b|a shout\b)\w)(?:with\s+)?",
    re.I,
)
# A vowel before it: "bring" and "swing" are no gerunds.
_ING = re.compile(r"^([a-z-]*[aeiouy][a-z-]*ing)\b", re.I)
# "hav", "driv", "mov", "arriv", "commut", "leav", "com", "continu"
_SILENT = ("v", "ut", "com", "nu", "us", "os", "at", "mak", "tak")
_DANGLING = re.compile(r"\s(?:for|at|by|until)$")  # of a date that was cut out
_EDGES = " \t\n,;:.!?-–—*•'\"()[]"

_DOUBLED = re.compile(r"([bdgmnprt])\1$")


def base(words: str) -> str:
    """`taking the day off` becomes `take the day off`, as far as a rule can tell."""
    gerund = _ING.match(words)
    if not gerund:
        return words
    stem = gerund[1][:-3]
    verb = _BASES.get(gerund[1]) or (stem + "e" if stem.endswith(_SILENT) else _DOUBLED.sub(r"\1", stem))
    return verb + words[gerund.end() :]


def worded(words: str) -> str:
    """`sending you the DPA,` becomes `send the DPA`."""
    text = _LEAD.sub("", words.strip(_EDGES))
    gerund = _ING.match(text)
    if gerund and gerund[1].lower() in _BASES:
        text = _BASES[gerund[1].lower()] + text[gerund.end() :]
    return _DANGLING.sub("", _DATIVE.sub(r"\1 ", " ".join(text.split())).strip(_EDGES))
