"""What the outbox says to SQLite: prepared once, each along an index."""

LAST = "SELECT max(sequence) FROM outbox"
KEEP = """
INSERT INTO outbox (sequence, id, receipt, sha256, payload, purpose, person, parent, kept_at,
    state, attempts, due, doubtful)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', 0, 0, 0)
"""
ATTACH = "INSERT INTO attachment (submission, sha256, size, sent, sealed) VALUES (?, ?, ?, 0, ?)"
BODY = "SELECT payload FROM outbox WHERE id = ?"
ATTACHED = "SELECT sha256, size, sent FROM attachment WHERE submission = ? ORDER BY sha256"
ATTACHMENT = "SELECT sealed FROM attachment WHERE submission = ? AND sha256 = ?"
PROGRESS = "UPDATE attachment SET sent = ? WHERE submission = ? AND sha256 = ?"

_DUE = """
FROM outbox INDEXED BY outbox_due WHERE state = 'waiting' AND (due <= ? OR due > ?)
AND (parent IS NULL OR NOT EXISTS (
    SELECT 1 FROM outbox AS first WHERE first.id = outbox.parent
    AND first.state IN ('waiting', 'sending')))
ORDER BY sequence LIMIT ?
"""
DUE = f"SELECT id {_DUE}"
PARCELS = f"SELECT id, sha256, attempts, doubtful, purpose, person, payload {_DUE}"
SENDING = "UPDATE outbox SET state = 'sending' WHERE id = ?"
ANY_SENDING = "SELECT 1 FROM outbox WHERE state = 'sending' LIMIT 1"
WAIT_AGAIN = "UPDATE outbox SET state = 'waiting', doubtful = 1 WHERE state = 'sending'"
MOVE = "UPDATE outbox SET state = ?, due = ?, doubtful = ?, settled_at = ? WHERE id = ?"
TRIED = "UPDATE outbox SET attempts = attempts + 1, last_at = ?, last_answer = ? WHERE id = ?"

ROWS = """
SELECT id, receipt, sha256, state, attempts, last_at, last_answer, purpose, kept_at, settled_at
FROM outbox
"""
UNDELIVERED = f"""
{ROWS} INDEXED BY outbox_due WHERE state IN ('waiting', 'sending', 'refused', 'set-aside')
ORDER BY sequence
"""
WAITING = "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')"
OLDEST = """
SELECT kept_at FROM outbox WHERE state IN ('waiting', 'sending') ORDER BY sequence LIMIT 1
"""

RETRY = """
UPDATE outbox SET state = 'waiting', due = 0, doubtful = 1, settled_at = NULL
WHERE id = ? AND state IN ('refused', 'set-aside') AND length(payload) > 0
"""
DELIVERED_SINCE = """
SELECT id FROM outbox WHERE state = 'delivered' AND settled_at >= ? AND length(payload) > 0
ORDER BY sequence
"""
AGAIN = """
UPDATE outbox SET state = 'waiting', due = iif(purpose IS NULL, 0, ?), doubtful = 1,
    settled_at = NULL
WHERE id = ?
"""
FROM_THE_START = "UPDATE attachment SET sent = 0 WHERE submission = ?"
QUARANTINE = """
UPDATE outbox SET state = 'set-aside', last_answer = ?, settled_at = ?
WHERE id = ? AND state IN ('waiting', 'refused')
"""

SETTLED = """
SELECT id FROM outbox WHERE settled_at <= ? AND (
    (state = 'delivered' AND length(payload) > 0)
    OR (length(payload) = 0 AND sequence < (SELECT max(sequence) FROM outbox)))
LIMIT ?
"""
FORGET_ATTACHED = "DELETE FROM attachment WHERE submission = ?"
FORGET_DELIVERED_PHOTOS = """
DELETE FROM attachment WHERE EXISTS (
    SELECT 1 FROM outbox WHERE id = submission AND state = 'delivered' AND settled_at <= ?)
"""
FORGET_BYTES = "UPDATE outbox SET payload = x'' WHERE id = ?"
FORGET = "DELETE FROM outbox WHERE id = ? AND sequence < (SELECT max(sequence) FROM outbox)"
