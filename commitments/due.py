"""When is it due? Reads the words of a due date, strictly: a word left over means ask.

    due_words     letters to tokens, by the word list of a language (due_words_en, ...)
    due_grammar   tokens to parts, by due_rules, due_period_rules, due_offset_rules and due_clock_rules
    due_resolve   parts to days (with due_periods, due_business, due_order); due_clock to a time
    due_verdict   days and times to moments, held against the present (with due_zones)
    due_read      a phrase, in whatever language it is;  due_split  the tail of a message

The conventions are numbered as in the specification of due dates; the tests carry the numbers.
"""

from commitments.due_read import read
from commitments.due_split import split_message
from commitments.due_terms import Reading, Setting, Status

__all__ = ["Reading", "Setting", "Status", "read", "split_message"]
