"""Recognition of sound files by their first bytes, whatever they are called.

Nothing here knows of Odoo.
"""

# Bytes that are enough to tell what a file is.
HEAD_SIZE = 64
_MARKS = (
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b".snd", "audio/basic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypmp4", "audio/mp4"),
    (4, b"ftypisom", "audio/mp4"),
    (4, b"ftypiso2", "audio/mp4"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
)
# Longer is no voice message: the header is wrong.
DURATION_MAX = 4 * 3600


def sniff(head):
    """Return the type of a sound file.

    :param bytes head: how it begins, ``HEAD_SIZE`` bytes at least
    :return: a MIME type; None when it is no sound
    """
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    for offset, mark, mimetype in _MARKS:
        if head[offset : offset + len(mark)] == mark:
            return mimetype
    if len(head) > 2 and head[0] == 0xFF:
        if _is_mp3_frame(head):
            return "audio/mpeg"
        if head[1] & 0xF6 == 0xF0:
            return "audio/aac"
    return None


def _is_mp3_frame(head):
    """Tell whether bytes have eleven bits set, a layer and a bit rate that exist."""
    rate = head[2] & 0xF0 not in (0x00, 0xF0) and head[2] & 0x0C != 0x0C
    return rate and head[1] & 0xE6 == 0xE2


def wav_seconds(content):
    """Return how long a WAV lasts, as its header says; 0 when it does not say.

    :param bytes content: of the whole file
    """
    if sniff(content[:HEAD_SIZE]) != "audio/wav":
        return 0
    position, rate = 12, 0
    while position + 8 <= len(content):
        name = content[position : position + 4]
        size = int.from_bytes(content[position + 4 : position + 8], "little")
        if name == b"fmt ":
            rate = int.from_bytes(content[position + 16 : position + 20], "little")
        elif name == b"data":
            # Exchanges that record on the fly leave the size at its greatest value.
            size = min(size, len(content) - position - 8)
            seconds = round(size / rate) if rate else 0
            return min(seconds, DURATION_MAX)
        position += 8 + size + size % 2
    return 0
