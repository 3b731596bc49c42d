"""What an exchange or a file of calls tells of one call: read, checked and added up.

No record is touched here. A call is a dict of facts; what is not known is None:
``call_id``, ``phase``, ``direction``, ``phone``, ``caller_name``, ``extension``,
``start``, ``answer``, ``end`` (UTC, without zone), ``duration`` (seconds spoken),
``outcome`` (as ``gck.llamada.resultado.outcome``) and ``recording_url``.
"""

import math
import re
from datetime import datetime, timedelta

import pytz
from dateutil import parser

PHASES = ("ringing", "answered", "ended")
NAMES = (
    "call_id",
    "phase",
    "direction",
    "phone",
    "caller_name",
    "extension",
    "start",
    "answer",
    "end",
    "duration",
    "outcome",
    "recording_url",
)
DIRECTIONS = {
    "in": "in",
    "inbound": "in",
    "incoming": "in",
    "entrante": "in",
    "entrada": "in",
    "out": "out",
    "outbound": "out",
    "outgoing": "out",
    "saliente": "out",
    "salida": "out",
    "internal": "internal",
    "interna": "internal",
    "local": "internal",
}
TEXT_LENGTH = 128
URL_LENGTH = 2000
# Clocks of one exchange that differ by no more are put right, not refused.
TOLERANCE = timedelta(seconds=5)
DURATION_MAX = timedelta(hours=24)
OLDEST = datetime(1990, 1, 1)
# From here on a number of seconds since 1970 is one of milliseconds.
MILLISECONDS_FROM = 100_000_000_000
LOCAL_FORMATS = tuple(
    f"%d{sep}%m{sep}{year} {time}"
    for sep in "/-."
    for year in ("%Y", "%y")
    for time in ("%H:%M:%S", "%H:%M")
)
OUTCOMES = {
    "ANSWER": "answered",
    "ANSWERED": "answered",
    "CONTESTADA": "answered",
    "ATENDIDA": "answered",
    "BUSY": "busy",
    "OCUPADO": "busy",
    "VOICEMAIL": "voicemail",
}


class FactError(ValueError):
    """What came makes no sense.

    :param str code: stable, for programs
    :param str field: name of what is wrong, or empty
    """

    def __init__(self, code, field=""):
        super().__init__(f"{code}: {field}" if field else code)
        self.code = code
        self.field = field


def clean_text(value, name="", length=TEXT_LENGTH):
    """Return a text that the database takes and a screen shows, None for none.

    :raises FactError: when it is no text
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise FactError("not_text", name)
    text = str(value) if isinstance(value, int) and abs(value) < 10**30 else value
    if not isinstance(text, str):
        raise FactError("not_text", name)
    text = text.encode("utf-8", "ignore").decode()
    text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())[:length] or None


def clean_number(value, name=""):
    """Return a telephone number as it came, without what telephony adds to it.

    «"Ana" <sip:+34600123456@10.0.0.1>» is «+34600123456».
    """
    text = clean_text(value, name)
    if not text:
        return None
    if match := re.search(r"<([^<>]*)>", text):
        text = match[1]
    text = re.sub(r"^(sips?|tel):", "", text.strip(), flags=re.IGNORECASE)
    return text.split(";")[0].split("@")[0].strip() or None


def read_moment(value, name, tz):
    """Return a moment in UTC, without zone; None for none.

    :param value: seconds since 1970, ISO 8601, or a date as Spain writes it
    :param tz: the ``pytz`` zone of moments that come without one
    :raises FactError: when it is no moment, or one that no exchange has seen
    """
    if value is None or value == "":
        return None
    try:
        moment = _read_moment(value, tz)
    except (ValueError, OverflowError, OSError, TypeError) as error:
        raise FactError("not_a_moment", name) from error
    if moment < OLDEST:
        raise FactError("too_old", name)
    if moment > datetime.utcnow() + timedelta(days=1):
        raise FactError("in_future", name)
    return moment.replace(microsecond=0)


def _read_moment(value, tz):
    if isinstance(value, bool):
        raise ValueError(value)
    if isinstance(value, str):
        value = value.strip()
        if re.fullmatch(r"\d{9,13}(\.\d{1,9})?", value):
            value = float(value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise ValueError(value)
        seconds = value / 1000 if value >= MILLISECONDS_FROM else value
        return datetime.fromtimestamp(seconds, pytz.UTC).replace(tzinfo=None)
    moment = _read_local(value)
    if moment.tzinfo is None:
        moment = tz.localize(moment)
    return moment.astimezone(pytz.UTC).replace(tzinfo=None)


def _read_local(text):
    for pattern in LOCAL_FORMATS:
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return parser.isoparse(text)


def read_duration(value, name):
    """Return a number of seconds; None for none.

    :param value: seconds, or hours, minutes and seconds with colons
    :raises FactError: when it is none, or negative
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and ":" in value:
            seconds = 0
            for part in value.strip().split(":"):
                seconds = seconds * 60 + int(part)
        elif isinstance(value, bool):
            raise ValueError(value)
        else:
            seconds = float(value)
        if not 0 <= seconds < 10**9:
            raise ValueError(value)
    except (ValueError, OverflowError, TypeError) as error:
        raise FactError("not_a_duration", name) from error
    return int(seconds)


def read_outcome(value, name="disposition"):
    """Return how a call ended in the words of the table of results, None if unsaid."""
    text = clean_text(value, name)
    if not text:
        return None
    return OUTCOMES.get(re.sub(r"[ _-]", "", text).upper(), "no_answer")


def read_direction(value, name="direction"):
    """Return ``in``, ``out`` or ``internal``; None for none.

    :raises FactError: when it is none of them
    """
    text = clean_text(value, name)
    if text and text.lower() not in DIRECTIONS:
        raise FactError("unknown_direction", name)
    return DIRECTIONS[text.lower()] if text else None


def set_ends(facts, source, target, extensions, outside_prefix=""):
    """Find out who is at the other end, and at which extension.

    :param dict facts: gets ``direction``, ``phone`` and ``extension``
    :param str source: the number that calls
    :param str target: the number that is called
    :param extensions: the numbers that the exchange has
    :param str outside_prefix: dialled to get an outside line
    :raises FactError: when nothing tells an incoming call from an outgoing one
    """
    inside = source in extensions
    reached = target in extensions or facts["extension"] in extensions
    if not facts["direction"]:
        if inside and target in extensions:
            facts["direction"] = "internal"
        elif inside:
            facts["direction"] = "out"
        elif reached:
            facts["direction"] = "in"
        else:
            raise FactError("unknown_direction", "direction")
    if facts["direction"] == "in":
        own, other = target, source
    else:
        own, other = source, target
        if other and outside_prefix and len(other) - len(outside_prefix) >= 9:
            other = other.removeprefix(outside_prefix)
    facts["phone"] = other
    if not facts["extension"] and own in extensions:
        facts["extension"] = own


def check_order(facts):
    """Put a call's moments in order, those that clocks confused a little.

    :raises FactError: when it ends before it starts
    """
    start, answer, end = facts["start"], facts["answer"], facts["end"]
    if start and end and end < start:
        if start - end > TOLERANCE:
            raise FactError("end_before_start", "end")
        facts["start"] = start = end
    if answer and start and answer < start:
        if start - answer > TOLERANCE:
            raise FactError("answer_before_start", "answer")
        facts["answer"] = answer = start
    if answer and end and answer > end:
        if answer - end > TOLERANCE:
            raise FactError("end_before_answer", "end")
        facts["answer"] = end


def new_facts(**known):
    """Return facts of which only some are known."""
    return {**dict.fromkeys(NAMES), **known}


def merge(known, facts):
    """Add what came to what was known of a call; the order does not matter.

    :param dict known: the facts known so far, None for a call that is new
    :param dict facts: what came
    :return: new facts
    """
    if known is None:
        known = dict.fromkeys(facts)
    both = {
        name: known.get(name) if known.get(name) is not None else value
        for name, value in facts.items()
    }
    later = max(
        (known["phase"], facts["phase"]),
        key=lambda phase: PHASES.index(phase) if phase else -1,
    )
    both["phase"] = later
    starts = [s for s in (known["start"], facts["start"]) if s]
    answers = [a for a in (known["answer"], facts["answer"]) if a]
    ends = [e for e in (known["end"], facts["end"]) if e]
    both["end"] = end = max(ends, default=None)
    both["answer"] = answer = min(answers, default=None)
    both["start"] = min([*starts, *answers, *ends], default=None)
    if facts["extension"] and not known["answer"] and facts["answer"]:
        # Several rang; it belongs to who answered.
        both["extension"] = facts["extension"]
    if end and answer and both["duration"] is None:
        both["duration"] = int((end - answer).total_seconds())
    if answer:
        both["outcome"] = "answered"
    if both["duration"] is not None:
        longest = min(DURATION_MAX, end - both["start"]) if end else DURATION_MAX
        both["duration"] = min(both["duration"], int(longest.total_seconds()))
    return both


def complete(facts):
    """Fill in what follows from the rest of one event or row, and check it.

    :raises FactError: when it contradicts itself
    """
    if facts["duration"] and facts["outcome"] in (None, "answered"):
        # Who spoke has answered.
        facts["outcome"] = "answered"
    start, end, duration = facts["start"], facts["end"], facts["duration"]
    if start and not end and facts["phase"] == "ended":
        facts["end"] = end = start + timedelta(seconds=duration or 0)
    if end and not start and duration:
        facts["start"] = start = end - timedelta(seconds=duration)
    check_order(facts)
    if facts["outcome"] == "answered" and facts["phase"] == "ended":
        if not facts["answer"]:
            spoken = timedelta(seconds=duration) if duration is not None else None
            begun = end - spoken if spoken is not None else start or end
            facts["answer"] = max(begun, start) if start else begun
    elif facts["outcome"] not in (None, "answered"):
        # Nobody spoke: the seconds are those it rang.
        facts["duration"] = None
    return facts
