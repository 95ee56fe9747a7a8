"""What makes an English promise doubtful: it goes to the quiet list."""

from __future__ import annotations

from commitments.spotting_en_vetoes import IS_THERE
from commitments.spotting_terms import any_of

NEAR = any_of(
    r"\b(?:try|trying|hope|hoping|aim|aiming|(?<!a )plan|planning|attempt|might|may|should|(?:i"
    r"|we) (?:think|guess|suppose|believe|imagine|expect|reckon)"
    r"|do (?:my|our) best|work to|likely|not sure)\b",
)
DOUBTS = {
    "hedge": any_of(
        r"\b(?:hopefully|probably|maybe|perhaps|possibly|ideally|should be able|(?:my|our) best"
        r"|every effort|if possible|all goes well|fingers crossed|no promises"
        r"|at some point|eventually|some ?day|one day|when i (?:get|have|find) (?:a |the "
        r"|some )?(?:chance|minute|moment|time|sec)|no guarantee|can't promise"
        r"|cannot promise|in theory|time permitting|sooner or later|down the (?:road|line)"
        r"|in the future|roadmap|next (?:time|year))\b",
    ),
    "recurring": any_of(
        r"\b(?:every|each) (?:other )?(?:hour|day|week|month|quarter|year|morning|mon|tue|wed|thu|fri)"
    ),
    "vague": any_of(
        r"\b(?:be in touch|think about|keep (?:that|this|it) in mind|consider|keep an eye|monitor(?:ing)?"
        r"|(?:more|details?|news|info\w*) to follow)\b"
    ),
}
SCOPED = {
    "vague": any_of(r"\bsee what (?:i|we) can (?:do|find|manage)\b(?!.*\band\b)"),
    "condition": any_of(
        r"\b(?=[aidpu])(?<!know )(?<!see )(?<!check )(?<!out )(?<!ask )(?<!confirm )(?<!sure )(?<!test )"
        r"(?<!verify )(?<!on )(?:if|unless|(?<!just )in case|depending on|assuming|provided)\b(?! (?:possible"
        rf"|i can|{IS_THERE})\b)|\bknow if (?:anything|something|there(?:'s| is| are)|things|that changes"
        r"|it changes|we need)\b",
    ),
}
