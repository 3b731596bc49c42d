"""Writes small Outlook ``.msg`` files for the tests, by [MS-CFB] and [MS-OXMSG]."""

import struct
from datetime import datetime, timezone

SECTOR = 512
MINI_CUTOFF = 4096
FREE, END, FAT_SECTOR, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
UNICODE, BINARY, INTEGER, TIME, OBJECT = 0x001F, 0x0102, 0x0003, 0x0040, 0x000D
EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)
SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
SENDER_NAME, SENDER_SMTP, MESSAGE_ID = 0x0C1A, 0x5D01, 0x1035
MESSAGE_CLASS, SUBMIT_TIME, HEADERS = 0x001A, 0x0039, 0x007D
ATTACH_DATA, ATTACH_METHOD, ATTACH_NAME = 0x3701, 0x3705, 0x3707
CONTENT_ID, RECIPIENT_TYPE, DISPLAY_NAME, SMTP = 0x3712, 0x0C15, 0x3001, 0x39FE


def msg(attachments=(), recipients=(), **values):
    """Return the bytes of a ``.msg``.

    :param attachments: ``(name, bytes)``, or ``(name, dict)`` for a mail inside
    :param recipients: ``(kind, name, address)``, kind 1 = To, 2 = Cc
    :param values: subject, body, html, rtf, sender_name, sender, message_id, date
    """
    return _compound(_message(values, attachments, recipients, header=32))


def _message(values, attachments=(), recipients=(), header=24):
    properties = {
        (MESSAGE_CLASS, UNICODE): "IPM.Note",
        (SUBJECT, UNICODE): values.get("subject"),
        (BODY, UNICODE): values.get("body"),
        (HTML, BINARY): values.get("html"),
        (RTF, BINARY): values.get("rtf"),
        (SENDER_NAME, UNICODE): values.get("sender_name"),
        (SENDER_SMTP, UNICODE): values.get("sender"),
        (MESSAGE_ID, UNICODE): values.get("message_id"),
        (HEADERS, UNICODE): values.get("headers"),
        (SUBMIT_TIME, TIME): values.get("date"),
        (0x3FDE, INTEGER): values.get("codepage"),
    }
    head = struct.pack("<8xIIII", 0, 0, len(recipients), len(attachments))
    tree = _storage(properties, head.ljust(header, b"\0"))
    for number, (kind, name, address) in enumerate(recipients):
        recipient = {
            (RECIPIENT_TYPE, INTEGER): kind,
            (DISPLAY_NAME, UNICODE): name,
            (SMTP, UNICODE): address,
        }
        tree[f"__recip_version1.0_#{number:08X}"] = _storage(recipient, b"\0" * 8)
    for number, (name, content, *more) in enumerate(attachments):
        nested = isinstance(content, dict)
        attachment = {
            (ATTACH_METHOD, INTEGER): 5 if nested else 1,
            (ATTACH_NAME, UNICODE): name,
            (CONTENT_ID, UNICODE): more[0] if more else None,
        }
        if not nested:
            attachment[ATTACH_DATA, BINARY] = content
        storage = _storage(attachment, b"\0" * 8)
        if nested:
            storage[f"__substg1.0_{ATTACH_DATA:04X}{OBJECT:04X}"] = _message(content)
        tree[f"__attach_version1.0_#{number:08X}"] = storage
    return tree


def _storage(properties, head):
    """Return a storage: streams by name, with the one of the properties."""
    tree, rows = {}, [head]
    for (pid, kind), value in properties.items():
        if value is None:
            continue
        if kind == INTEGER:
            payload = struct.pack("<I4x", value)
        elif kind == TIME:
            ticks = int((value - EPOCH).total_seconds()) * 10_000_000
            payload = struct.pack("<Q", ticks)
        else:
            data = value.encode("utf-16-le") if kind == UNICODE else value
            tree[f"__substg1.0_{pid:04X}{kind:04X}"] = data
            payload = struct.pack("<II", len(data) + 2 * (kind == UNICODE), 0)
        rows.append(struct.pack("<HHI", kind, pid, 6) + payload)
    tree["__properties_version1.0"] = b"".join(rows)
    return tree


class _Chain:
    """Sectors of one size, and the table that chains those of each stream."""

    def __init__(self, size):
        self.size = size
        self.sectors = []
        self.table = []

    def store(self, data):
        """Append a stream and return its first sector."""
        if not data:
            return END
        first = len(self.sectors)
        for start in range(0, len(data), self.size):
            piece = data[start : start + self.size]
            self.sectors.append(piece.ljust(self.size, b"\0"))
            self.table.append(len(self.sectors))
        self.table[-1] = END
        return first


def _compound(tree):
    """Write a tree of storages (dicts) and streams (bytes) as a compound file."""
    entries = []
    big, mini = _Chain(SECTOR), _Chain(64)

    def add(name, node):
        index = len(entries)
        storage = isinstance(node, dict)
        entry = [name, 1 if storage else 2, NONE, NONE, 0, 0]
        entries.append(entry)
        if storage:
            # Siblings in a row: readers that walk the whole tree do not search it.
            for key in sorted(node, reverse=True):
                child = add(key, node[key])
                entries[child][2] = entry[3]
                entry[3] = child
        else:
            chain = mini if len(node) < MINI_CUTOFF else big
            entry[4:] = chain.store(node), len(node)
        return index

    add("Root Entry", tree)
    small = b"".join(mini.sectors)
    entries[0][1] = 5
    entries[0][4:] = big.store(small), len(small)
    table = struct.pack(f"<{len(mini.table)}I", *mini.table)
    mini_table = big.store(table.ljust(-(-len(table) // SECTOR) * SECTOR, b"\xff"))
    rows = b"".join(
        struct.pack(
            "<64sHBBIII16sIQQIQ",
            name.encode("utf-16-le"), len(name) * 2 + 2, kind, 1,
            NONE, right, child, b"", 0, 0, 0, start, size,
        )
        for name, kind, right, child, start, size in entries
    )  # fmt: skip
    directory = big.store(rows)
    count = 1
    while (len(big.sectors) + count) * 4 > count * SECTOR:
        count += 1
    first = len(big.sectors)
    fat = [*big.table, *[FAT_SECTOR] * count]
    fat += [FREE] * (count * SECTOR // 4 - len(fat))
    difat = [*range(first, first + count)]
    difat += [FREE] * (109 - len(difat))
    header = struct.pack(
        "<8s16sHHHHH6s9I109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, count, directory, 0, MINI_CUTOFF, mini_table,
        -(-len(table) // SECTOR), END, 0, *difat,
    )  # fmt: skip
    return header + b"".join(big.sectors) + struct.pack(f"<{len(fat)}I", *fat)


def compressed_rtf(rtf):
    """Return an RTF as Outlook stores it, in its form without compression."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
