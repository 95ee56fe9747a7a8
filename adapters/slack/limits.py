"""How much Slack takes. Each figure stands here once, with where it is from, so that it can be corrected.

Characters are Python's. Where Slack does not say what it counts, the smaller reading is taken.
"""

from __future__ import annotations

# Messages
MESSAGE_BLOCKS = 50  # docs.slack.dev/reference/block-kit/blocks
MESSAGE_TEXT = 40_000  # cut by Slack beyond; docs.slack.dev/reference/methods/chat.postMessage
# Undocumented ("msg_blocks_too_long"). All blocks as JSON: from 13,172 refused (github.com/slackapi/bolt-js
# issue 2509), though 15,561 were once taken (issue 2867). The smaller figure, less a little.
MESSAGE_JSON = 13_000

# Views
VIEW_BLOCKS = 100  # docs.slack.dev/reference/views
VIEW_BYTES = 250_000  # "view_too_large"; docs.slack.dev/reference/methods/views.open
VIEW_TITLE = 24  # docs.slack.dev/reference/views/modal-views
VIEW_BUTTON = 24  # the same page: submit and close
PRIVATE_METADATA = 3_000  # the same page
CALLBACK_ID = 255  # the same page

# Blocks: docs.slack.dev/reference/block-kit/blocks/<name>-block
HEADER = 150
SECTION = 3_000
ACTIONS = 25  # elements
INPUT_LABEL = 2_000
INPUT_HINT = 2_000

# Elements: docs.slack.dev/reference/block-kit/block-elements/<name>-element
BUTTON_LABEL = 75
BUTTON_VALUE = 2_000
TEXT_INPUT = 3_000  # max_length of a plain-text input
RADIO_OPTIONS = 10
SELECT_OPTIONS = 100  # of one menu, or of one group in it

# Composition objects: docs.slack.dev/reference/block-kit/composition-objects/option-object
OPTION_LABEL = 75
OPTION_VALUE = 150
GROUP_LABEL = 75  # .../option-group-object
