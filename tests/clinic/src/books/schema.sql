-- The clinic's books. Times are milliseconds since 1970.
-- One row: what these books are for, from their first opening on.
CREATE TABLE IF NOT EXISTS mode (
    one INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    demo INTEGER NOT NULL CHECK (demo IN (0, 1))
) STRICT;

CREATE TABLE IF NOT EXISTS terminals (
    id TEXT PRIMARY KEY,
    result_key BLOB NOT NULL            -- public key of its signed results, SEC 1
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    terminal TEXT NOT NULL REFERENCES terminals(id),
    opened_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'spent', 'proved', 'turned_away', 'cancelled', 'received'))
) STRICT;

CREATE TABLE IF NOT EXISTS nonces (
    nonce BLOB PRIMARY KEY,
    session TEXT NOT NULL UNIQUE REFERENCES sessions(id),
    used_ms INTEGER                     -- single use
) STRICT;

-- The PIN-less step: one relay per session, for one certificate and method.
CREATE TABLE IF NOT EXISTS relays (
    session TEXT PRIMARY KEY REFERENCES sessions(id),
    method TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL,
    step TEXT NOT NULL
        CHECK (step IN ('first_part', 'second_part', 'challenge', 'signature', 'finished', 'over', 'spent')),
    time_ms INTEGER NOT NULL
) STRICT;

-- What the desk must look after. Nothing of the person.
CREATE TABLE IF NOT EXISTS desk_notes (
    number INTEGER PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions(id),
    word TEXT NOT NULL,                 -- what the terminal was refused with
    time_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS authentications (
    session TEXT PRIMARY KEY REFERENCES sessions(id),
    method TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL,
    patient INTEGER,                    -- NULL: nobody was found
    asked TEXT NOT NULL,                -- the items as answered to the terminal, JSON
    time_ms INTEGER NOT NULL,
    told TEXT                           -- what the centre answered, JSON; NULL: proved before it was kept
) STRICT;

CREATE TABLE IF NOT EXISTS results (
    result_id TEXT PRIMARY KEY,
    session TEXT NOT NULL UNIQUE REFERENCES sessions(id),
    sha256 TEXT NOT NULL,
    jws TEXT NOT NULL,
    weights TEXT NOT NULL DEFAULT 'none', -- identity of the face weights that decided
    weights_level TEXT,                 -- level of those in use at the terminal; NULL: signed before it was told
    confirmed_by TEXT,                  -- number that staff gave at a visual check, if they did
    valid_until_ms INTEGER              -- when its consents end; NULL: signed before it was
) STRICT;

CREATE TABLE IF NOT EXISTS receipts (
    receipt_id TEXT PRIMARY KEY,
    result_id TEXT NOT NULL UNIQUE REFERENCES results(result_id),
    time_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS answers (
    result_id TEXT NOT NULL REFERENCES results(result_id),
    position INTEGER NOT NULL,
    item TEXT NOT NULL,
    answer TEXT NOT NULL,
    how TEXT NOT NULL,
    by TEXT NOT NULL,
    wording_id TEXT NOT NULL,
    wording_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    available_ms INTEGER,               -- consent ends then; NULL unless health information was agreed to
    PRIMARY KEY (result_id, position)
) STRICT;

-- The last explicit answer per person and item at this facility: what may be carried over.
CREATE TABLE IF NOT EXISTS consent_history (
    patient INTEGER NOT NULL,
    item TEXT NOT NULL,
    agreed INTEGER NOT NULL,
    wording_id TEXT NOT NULL,
    wording_hash TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    language TEXT,                      -- NULL, and so below: given before it was kept
    by TEXT,
    PRIMARY KEY (patient, item)
) STRICT;

-- Signing up: one offer per session, taken once; and who is signed up since.
CREATE TABLE IF NOT EXISTS sign_up_offers (
    session TEXT PRIMARY KEY REFERENCES sessions(id),
    patient INTEGER NOT NULL,
    not_after_unix INTEGER NOT NULL,
    taken_ms INTEGER
) STRICT;

CREATE TABLE IF NOT EXISTS sign_ups (
    patient INTEGER PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions(id),
    wording_id TEXT NOT NULL,
    wording_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    by TEXT NOT NULL,
    time_ms INTEGER NOT NULL
) STRICT;

-- Each question about another certificate, with the result that held the patient's yes.
CREATE TABLE IF NOT EXISTS certificate_lookups (
    number INTEGER PRIMARY KEY,
    result_id TEXT NOT NULL REFERENCES results(result_id),
    patient INTEGER NOT NULL,
    certificate TEXT NOT NULL,
    answer TEXT NOT NULL,
    time_ms INTEGER NOT NULL
) STRICT;

-- Files for the レセコン: owed from the moment their reason is in the books, written exactly once.
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY,
    origin TEXT NOT NULL UNIQUE,        -- the session of a face file, the taken request of an answer
    sub TEXT NOT NULL CHECK (sub IN ('res', 'face')),
    name TEXT NOT NULL,
    bytes BLOB,                         -- NULL once it is in its folder: it is the clinic's from there on
    state TEXT NOT NULL CHECK (state IN ('owed', 'aside', 'written')),
    place TEXT,                         -- the folder it lies aside in
    time_ms INTEGER NOT NULL
) STRICT;

-- Who these books are, so that no two of them share a folder.
CREATE TABLE IF NOT EXISTS identity (
    one INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    id TEXT NOT NULL
) STRICT;

-- 照会番号: the clinic's own number of an insurance.
CREATE TABLE IF NOT EXISTS reference_numbers (
    insurance TEXT PRIMARY KEY,         -- insurer, symbol, number and branch, folded
    reference_number TEXT NOT NULL,
    time_ms INTEGER NOT NULL
) STRICT;

-- Bulk requests and their results, until they are asked for; seven days.
CREATE TABLE IF NOT EXISTS uploads (
    reception_number TEXT PRIMARY KEY,
    interface TEXT NOT NULL,
    results BLOB NOT NULL,
    time_ms INTEGER NOT NULL
) STRICT;
