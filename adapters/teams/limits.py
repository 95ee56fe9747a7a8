"""How much Teams takes. Each figure stands here once, with where it is from, so that it can be corrected."""

from __future__ import annotations

# learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages says about 100 KB for a
# message, older pages 40 KB, and other ways into Teams still refuse from 28 KB on. Ours stays below them all,
# counted as JSON in ASCII, the longest way to write it.
CARD_BYTES = 25_000
SUMMARY = 300  # characters, ours: a notification and the list of chats show one or two lines

# "A maximum of 60 (sixty) user MRIs": task-modules-and-cards/cards/universal-actions-for-adaptive-cards/
# work-with-universal-actions-for-adaptive-cards, "User IDs in refresh"
VIEWERS = 60

# Of a set six are drawn (the Teams host config of github.com/microsoft/AdaptiveCards); with four in a line
# their words are cut.
ACTIONS = 3

# Not stated by Teams; ours, as on other platforms, so that a card reads the same everywhere.
TITLE = 150
BUTTON_LABEL = 75
INPUT_LABEL = 200
HINT = 500
OPTION_LABEL = 75
TEXT_INPUT = 3_000  # of the characters known so far; nobody is held to it while typing
MENTION_NAME = 100
EXPANDED_OPTIONS = 4  # up to so many are read faster side by side than in a menu

# adaptivecards.io/explorer/Input.Date.html and Input.Time.html
DAY = "%Y-%m-%d"
TIME = "%H:%M"
