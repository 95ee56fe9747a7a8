"""When is it due? Reads the words of a due date, strictly: a word left over means ask.

    words -> tokens    -> parts    -> days and a time        -> verdict
    _words_* _words       _parts      _resolve, _periods, _clock _verdict

The conventions are numbered as in the specification of due dates; the tests carry the numbers.
"""

from commitments.due_read import read
from commitments.due_split import split_message
from commitments.due_terms import Reading, Setting, Status

__all__ = ["Reading", "Setting", "Status", "read", "split_message"]
