"""The schema of the store, version by version: a version that has shipped never changes."""

# Times are RFC 3339, UTC, `Z`, with milliseconds, so that their order as text is their order.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # Keys the hash of what a once-key was used for, so that a row that leaks (a bug report, a
        # log of statements) does not let anybody try out texts and numbers against it.
        "CREATE TABLE secret (value BLOB NOT NULL)",
        """
        CREATE TABLE once_key (
            id INTEGER PRIMARY KEY,
            base_url TEXT NOT NULL,
            service_id INTEGER NOT NULL,
            key TEXT NOT NULL,
            payload BLOB NOT NULL,     -- keyed hash of every wire parameter but the credentials
            created_at TEXT NOT NULL,
            UNIQUE (base_url, service_id, key)
        )
        """,
        """
        CREATE TABLE submission (
            id INTEGER PRIMARY KEY,
            created_at TEXT NOT NULL,  -- when the intent was written, before the request
            updated_at TEXT NOT NULL,
            base_url TEXT NOT NULL,
            service_id INTEGER NOT NULL,
            profile TEXT,
            destination TEXT NOT NULL,
            source TEXT NOT NULL,
            encoding TEXT,
            parts INTEGER,
            once_key INTEGER REFERENCES once_key (id),
            slot INTEGER NOT NULL,     -- tells the recipients of one command apart
            outcome TEXT,              -- NULL: the request may have gone out, nobody saw its end
            result_code INTEGER,
            description TEXT,
            message_id TEXT,
            final INTEGER,
            delivered TEXT,
            billed TEXT,
            retry TEXT,
            sent_at TEXT,
            elapsed_ms INTEGER,
            error_kind TEXT,
            error_message TEXT,
            error_hint TEXT
        )
        """,
        "CREATE INDEX submission_message ON submission (message_id)",
        "CREATE INDEX submission_once ON submission (once_key, slot)",
        "CREATE INDEX submission_created ON submission (created_at)",
    ),
    (
        # Every callback that was answered 200, raw as it came. What is read from it again costs
        # nothing to keep; what is looked for or added up stands in columns of its own.
        """
        CREATE TABLE callback (
            id INTEGER PRIMARY KEY, -- the order of arrival
            received_at TEXT NOT NULL,
            remote TEXT NOT NULL,
            method TEXT NOT NULL,
            query TEXT NOT NULL,
            headers TEXT NOT NULL,                -- those that matter, as a JSON object
            body BLOB NOT NULL,
            fault TEXT,                           -- why it is no report; then the rest is NULL
            message_id TEXT,
            part INTEGER,                         -- NULL: of the whole message
            result_code INTEGER,
            operator_result_code TEXT,
            timestamp TEXT,
            segments INTEGER,
            duplicate INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX callback_message ON callback (message_id) WHERE message_id IS NOT NULL",
        "CREATE INDEX callback_received ON callback (received_at)",
        """
        CREATE INDEX callback_unreadable ON callback (length(body) + length(query))
            WHERE fault IS NOT NULL
        """,
    ),
    (
        # What a damaged file or a lost log would hide is kept twice: a key is found by two indices
        # that know nothing of one another, its submissions are counted beside it, and all of them
        # here and in a file outside the database (see `witness`). Keys that were spelt apart by a
        # final slash or a default port become one.
        "ALTER TABLE once_key ADD COLUMN name_hash BLOB",
        "ALTER TABLE once_key ADD COLUMN intents INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE once_key ADD COLUMN slots INTEGER",  # how many messages the payload has
        "ALTER TABLE submission ADD COLUMN message_hash BLOB",  # keyed, of its wire parameters
        "UPDATE once_key SET name_hash = once_name(base_url, service_id, key)",
        "CREATE TEMP TABLE same_key (id INTEGER PRIMARY KEY, kept INTEGER NOT NULL)",
        """
        INSERT INTO same_key SELECT id, kept FROM (
            SELECT id, min(id) OVER (PARTITION BY name_hash) AS kept FROM once_key
        ) WHERE id <> kept
        """,
        """
        UPDATE submission SET once_key = (SELECT kept FROM same_key WHERE id = once_key)
            WHERE once_key IN (SELECT id FROM same_key)
        """,
        "DELETE FROM once_key WHERE id IN (SELECT id FROM same_key)",
        "DROP TABLE same_key",
        "UPDATE once_key SET base_url = canonical_url(base_url)",
        "CREATE UNIQUE INDEX once_key_name ON once_key (name_hash)",
        """
        UPDATE once_key SET intents =
            (SELECT count(*) FROM submission WHERE submission.once_key = once_key.id)
        """,
        "CREATE TABLE once_count (intents INTEGER NOT NULL)",
        "INSERT INTO once_count SELECT count(*) FROM submission WHERE once_key IS NOT NULL",
    ),
    (
        # A request may hold several contents: each is a callback, numbered on from the first, and
        # the first alone keeps the bytes.
        "ALTER TABLE callback ADD COLUMN place INTEGER NOT NULL DEFAULT 0",
        # The id of an incoming message, '' if it has none; NULL: it is a report, or unreadable.
        "ALTER TABLE callback ADD COLUMN incoming TEXT",
        "CREATE INDEX callback_incoming ON callback (incoming) WHERE incoming IS NOT NULL",
        # What cannot be read of a request whose bytes are kept anyway takes no room of its own.
        "DROP INDEX callback_unreadable",
        """
        CREATE INDEX callback_unreadable ON callback (length(body) + length(query))
            WHERE fault IS NOT NULL AND place = 0
        """,
    ),
    (
        # What the reports of a message add up to with this one, so that the next is judged by one
        # row however many there are (see `Tally`); and what makes two reports the same, of those
        # that a tally does not know. Nothing of it is filled here: a store may hold millions, and a
        # receiver must not wait (see `tallying`).
        "ALTER TABLE callback ADD COLUMN tally TEXT",
        "ALTER TABLE callback ADD COLUMN report_key TEXT",
        # Duplicates are looked for by no message: they change nothing.
        "DROP INDEX callback_message",
        """
        CREATE INDEX callback_message ON callback (message_id)
            WHERE message_id IS NOT NULL AND NOT duplicate
        """,
        """
        CREATE INDEX callback_key ON callback (message_id, report_key)
            WHERE report_key IS NOT NULL
        """,
    ),
    (
        """
        CREATE TABLE batch (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL,      -- keyed hash of what the batch is known by
            again INTEGER NOT NULL,    -- begun anew after it had been finished
            created_at TEXT NOT NULL,
            finished_at TEXT           -- NULL while a row has no outcome
        )
        """,
        "CREATE INDEX batch_digest ON batch (digest)",
        "ALTER TABLE submission ADD COLUMN batch INTEGER REFERENCES batch (id)",
        "ALTER TABLE submission ADD COLUMN row INTEGER",  # of the batch, from 1
        # Keyed hash of a row's number, text, sender and tariff, or of its key: an equal row of
        # another file has the same.
        "ALTER TABLE submission ADD COLUMN twin_hash BLOB",
        "CREATE INDEX submission_batch ON submission (batch, row) WHERE batch IS NOT NULL",
        "CREATE INDEX submission_twin ON submission (twin_hash) WHERE twin_hash IS NOT NULL",
    ),
    (
        # What is searched and counted of a message stands in one row, made from what the other
        # tables hold (see `indexing`). Nothing of it is filled here: a store may hold millions, and
        # a receiver must not wait. A submission's row has its id; the row of a message that others
        # sent has the number of its first callback, below zero.
        """
        CREATE TABLE message (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,     -- of its intent, or of its first report; ms since 1970, UTC
            destination TEXT,        -- that a report names, if others sent it
            source TEXT,
            profile TEXT,
            batch INTEGER,
            outcome TEXT NOT NULL,
            result_code INTEGER,
            operator TEXT,
            reference TEXT
        )
        """,
        "CREATE INDEX message_at ON message (at)",
        "CREATE INDEX message_destination ON message (destination, at)",
        "CREATE INDEX message_ending ON message (substr(destination, -4), at)",
        # What becomes of most messages needs no index: a look at the latest finds some.
        "CREATE INDEX message_outcome ON message (outcome, at) WHERE outcome <> 'delivered'",
        "CREATE INDEX message_code ON message (result_code, at) WHERE result_code <> 1001",
        "CREATE INDEX message_operator ON message (operator, at) WHERE operator IS NOT NULL",
        "CREATE INDEX message_source ON message (source, at)",
        "CREATE INDEX message_profile ON message (profile, at) WHERE profile IS NOT NULL",
        "CREATE INDEX message_batch ON message (batch, at) WHERE batch IS NOT NULL",
        "CREATE INDEX message_reference ON message (reference, at) WHERE reference IS NOT NULL",
        # Messages whose row has to be made again.
        "CREATE TABLE stale (message_id TEXT PRIMARY KEY) WITHOUT ROWID",
        # How far the rows are made: up to which callback, and down to which submission.
        "CREATE TABLE indexed (callback INTEGER NOT NULL, submission INTEGER NOT NULL)",
        "INSERT INTO indexed SELECT 0, coalesce(max(id), 0) + 1 FROM submission",
        # A submission as its row has it: in milliseconds, and accepted is pending.
        """
        CREATE VIEW sent AS SELECT id,
            coalesce(strftime('%s', created_at), 0) * 1000
                + CAST(substr(created_at, 21, 3) AS INTEGER) AS at,
            destination, source, profile, batch,
            CASE outcome WHEN 'accepted' THEN 'pending' ELSE coalesce(outcome, 'unknown') END
                AS outcome,
            result_code
        FROM submission WHERE destination <> ''
        """,
        # The row follows the submission, whoever writes that.
        """
        CREATE TRIGGER submission_begun AFTER INSERT ON submission
        BEGIN
            INSERT INTO message
                (id, at, destination, source, profile, batch, outcome, result_code)
            SELECT * FROM sent WHERE id = new.id;
        END
        """,
        """
        CREATE TRIGGER submission_finished
        AFTER UPDATE OF outcome, result_code, message_id ON submission
        BEGIN
            UPDATE message SET (outcome, result_code) =
                    (SELECT outcome, result_code FROM sent WHERE id = new.id)
                WHERE id = new.id AND new.destination <> '';
            INSERT OR IGNORE INTO stale SELECT new.message_id WHERE EXISTS (
                SELECT 1 FROM callback WHERE message_id = new.message_id AND NOT duplicate);
        END
        """,
        """
        CREATE TRIGGER submission_stripped AFTER UPDATE OF destination ON submission
        WHEN new.destination = ''
        BEGIN
            DELETE FROM message WHERE id = new.id;
        END
        """,
        """
        CREATE TRIGGER submission_deleted AFTER DELETE ON submission
        BEGIN
            DELETE FROM message WHERE id = old.id;
        END
        """,
        """
        CREATE TRIGGER callback_deleted AFTER DELETE ON callback WHEN old.message_id IS NOT NULL
        BEGIN
            DELETE FROM message WHERE id = -old.id;
            INSERT OR IGNORE INTO stale SELECT old.message_id
                WHERE EXISTS (
                    SELECT 1 FROM callback WHERE message_id = old.message_id AND NOT duplicate)
                OR EXISTS (SELECT 1 FROM submission WHERE message_id = old.message_id);
            -- The numbers of callbacks that are gone are given again.
            UPDATE indexed SET callback = (SELECT coalesce(max(id), 0) FROM callback)
                WHERE callback > (SELECT coalesce(max(id), 0) FROM callback);
        END
        """,
    ),
    (
        # What is forwarded to whom. A target's rows are made from the callbacks by whoever
        # forwards: to receive costs nothing more.
        """
        CREATE TABLE forward_target (
            id INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE, -- keyed hash of URL and form: the URL may hold a secret
            name TEXT NOT NULL,          -- what is shown of it
            enlisted INTEGER NOT NULL,   -- callbacks up to this one have their rows
            failing_since TEXT           -- the first failure after the last success
        )
        """,
        """
        CREATE TABLE forward (
            callback INTEGER NOT NULL REFERENCES callback (id) ON DELETE CASCADE,
            target INTEGER NOT NULL REFERENCES forward_target (id),
            request INTEGER NOT NULL, -- the first callback of what is forwarded as one
            last INTEGER NOT NULL,    -- and the last
            lane TEXT,                -- what keeps its order with others; NULL: nothing
            state TEXT NOT NULL,      -- waiting, forwarded, set_aside
            due_at TEXT,              -- NULL: not its turn yet; of a claim, its end
            claimed_by TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            failed_since TEXT,
            status INTEGER,
            failure TEXT,
            forwarded_at TEXT,
            PRIMARY KEY (callback, target)
        ) WITHOUT ROWID
        """,
        """
        CREATE INDEX forward_due ON forward (target, due_at)
            WHERE state = 'waiting' AND due_at IS NOT NULL
        """,
        "CREATE INDEX forward_lane ON forward (target, lane, request) WHERE state = 'waiting'",
        # Whoever waits behind a report that is forgotten has its turn.
        """
        CREATE TRIGGER forward_forgotten AFTER DELETE ON forward
            WHEN OLD.state = 'waiting' AND OLD.lane IS NOT NULL
        BEGIN
            UPDATE forward SET due_at = coalesce(due_at, '')
            WHERE target = OLD.target AND callback = (
                SELECT min(request) FROM forward
                WHERE target = OLD.target AND lane = OLD.lane AND state = 'waiting');
        END
        """,
        # The numbers of callbacks that are gone are given again.
        """
        CREATE TRIGGER forward_numbers AFTER DELETE ON callback BEGIN
            UPDATE forward_target SET enlisted = (SELECT coalesce(max(id), 0) FROM callback)
            WHERE enlisted > (SELECT coalesce(max(id), 0) FROM callback);
        END
        """,
    ),
    (
        # Whether `twin_hash` is that of a key: what has gone out under one is never forgotten.
        "ALTER TABLE submission ADD COLUMN has_key INTEGER",
    ),
)
