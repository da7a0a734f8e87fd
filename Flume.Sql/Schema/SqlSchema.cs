namespace Flume.Sql.Schema;

/// <summary>
/// The tables, indexes and views of the file: those of ssb-flumeview-sql, and what docs/sql.md lists beside them.
/// </summary>
/// <remarks>Tables come first, indexes last: a bulk build fills the tables before it sorts each index once.</remarks>
internal static class SqlSchema
{
    /// <summary>
    /// Changes whenever a row, a table or an index is stored otherwise: another version is a rebuild.
    /// </summary>
    internal const int Version = 2;

    /// <summary>"Flum" as a number: marks the file as ours for file(1) and sqlite3's .dbinfo.</summary>
    internal const int ApplicationId = 0x466c756d;

    /// <summary>The tables that hold rows of the log; each begins with its id.</summary>
    internal static IReadOnlyList<string> RowTables { get; } =
    [
        "migrations", "keys", "authors", "blobs", "messages_raw", "links_raw", "mentions_raw", "blob_links_raw",
        "branches_raw", "abouts_raw", "contacts_raw", "votes_raw", "records",
    ];

    /// <summary>The tables without their indexes.</summary>
    internal static string Tables(SqlOptions options) => $"""
        CREATE TABLE migrations (id INTEGER PRIMARY KEY, version INTEGER) STRICT;
        INSERT INTO migrations VALUES (0, 1);
        CREATE TABLE keys (id INTEGER PRIMARY KEY, key TEXT) STRICT;
        CREATE TABLE authors (id INTEGER PRIMARY KEY, author TEXT, is_me INTEGER) STRICT;
        CREATE TABLE blobs (id INTEGER PRIMARY KEY, blob TEXT) STRICT;
        CREATE TABLE messages_raw (flume_seq INTEGER PRIMARY KEY, key_id INTEGER, seq INTEGER, received_time REAL,
          asserted_time REAL, root_id INTEGER, fork_id INTEGER, author_id INTEGER, content_type TEXT, content TEXT,
          is_decrypted INTEGER{(options.Layout == SqlLayout.Text ? ", author_key TEXT, key_text TEXT" : "")}) STRICT;
        CREATE TABLE links_raw (id INTEGER PRIMARY KEY, link_from_key_id INTEGER, link_to_key_id INTEGER) STRICT;
        CREATE TABLE mentions_raw (id INTEGER PRIMARY KEY, link_from_key_id INTEGER, link_to_author_id INTEGER) STRICT;
        CREATE TABLE blob_links_raw (id INTEGER PRIMARY KEY, link_from_key_id INTEGER, link_to_blob_id INTEGER) STRICT;
        CREATE TABLE branches_raw (id INTEGER PRIMARY KEY, link_from_key_id INTEGER, link_to_key_id INTEGER) STRICT;
        CREATE TABLE abouts_raw (id INTEGER PRIMARY KEY, link_from_key_id INTEGER, link_to_author_id INTEGER,
          link_to_key_id INTEGER) STRICT;
        CREATE TABLE contacts_raw (id INTEGER PRIMARY KEY, author_id INTEGER, contact_author_id INTEGER,
          is_decrypted INTEGER, state INTEGER) STRICT;
        CREATE TABLE votes_raw (id INTEGER PRIMARY KEY, link_from_author_id INTEGER, link_to_key_id INTEGER) STRICT;
        CREATE TABLE records (flume_seq INTEGER PRIMARY KEY, record TEXT) STRICT;
        CREATE TABLE flume_checkpoint (id INTEGER PRIMARY KEY CHECK (id = 0), view_version INTEGER, since INTEGER,
          rows INTEGER, skipped INTEGER, repeated INTEGER, options TEXT, own_feed TEXT) STRICT;
        {(options.FullText ? FullText(options) : "")}
        """;

    /// <summary>The indexes, and what the planner knows of them.</summary>
    internal static IReadOnlyList<string> Indexes { get; } =
    [
        "CREATE UNIQUE INDEX keys_key_index ON keys (key)",
        "CREATE UNIQUE INDEX authors_author_index ON authors (author)",
        "CREATE UNIQUE INDEX blobs_blob_index ON blobs (blob)",
        "CREATE INDEX authors_is_me_index ON authors (is_me) WHERE is_me IS NOT NULL",
        "CREATE UNIQUE INDEX messages_key_id_index ON messages_raw (key_id)",
        "CREATE INDEX author_id_index ON messages_raw (author_id)",
        "CREATE INDEX root_id_index ON messages_raw (root_id) WHERE root_id IS NOT NULL",
        "CREATE INDEX fork_id_index ON messages_raw (fork_id) WHERE fork_id IS NOT NULL",
        "CREATE INDEX content_type_index ON messages_raw (content_type)",
        "CREATE INDEX is_decrypted_index ON messages_raw (is_decrypted) WHERE is_decrypted = 1",
        "CREATE INDEX links_to_id_index ON links_raw (link_to_key_id, link_from_key_id)",
        "CREATE INDEX links_from_id_index ON links_raw (link_from_key_id, link_to_key_id)",
        "CREATE INDEX mentions_id_to_index ON mentions_raw (link_to_author_id, link_from_key_id)",
        "CREATE INDEX mentions_id_from_index ON mentions_raw (link_from_key_id, link_to_author_id)",
        "CREATE INDEX blob_links_index_to ON blob_links_raw (link_to_blob_id)",
        "CREATE INDEX blob_links_index_from ON blob_links_raw (link_from_key_id)",
        "CREATE INDEX branches_to_index ON branches_raw (link_to_key_id, link_from_key_id)",
        "CREATE INDEX branches_from_index ON branches_raw (link_from_key_id, link_to_key_id)",
        "CREATE INDEX abouts_raw_from_index ON abouts_raw (link_from_key_id)",
        "CREATE INDEX abouts_raw_key_index ON abouts_raw (link_to_key_id) WHERE link_to_key_id IS NOT NULL",
        "CREATE INDEX abouts_raw_author_index ON abouts_raw (link_to_author_id) WHERE link_to_author_id IS NOT NULL",
        "CREATE INDEX contacts_raw_contact_author_id_state_index ON contacts_raw (contact_author_id)",
        "CREATE INDEX contacts_raw_author_id_state_index ON contacts_raw (author_id, state)",
        "CREATE UNIQUE INDEX contacts_raw_triple_index ON contacts_raw (author_id, contact_author_id, is_decrypted)",
        "CREATE INDEX votes_raw_link_from_author_id_index ON votes_raw (link_from_author_id)",
        "CREATE UNIQUE INDEX votes_raw_link_to_key_id_index ON votes_raw (link_to_key_id, link_from_author_id)",
    ];

    /// <summary>The SQL views, in the file or, over contents that are not in it, of one connection.</summary>
    internal static string Views(SqlOptions options, bool isTemporary = false)
    {
        string create = isTemporary ? "CREATE TEMP VIEW" : "CREATE VIEW";
        return $"""
            {create} messages AS SELECT m.flume_seq, m.key_id, m.seq, m.received_time, m.asserted_time, m.root_id,
              m.fork_id, m.author_id, m.content, m.content_type, m.is_decrypted, keys.key AS key,
              roots.key AS root, forks.key AS fork, authors.author AS author
              FROM messages_raw AS m JOIN keys ON keys.id = m.key_id JOIN authors ON authors.id = m.author_id
              LEFT JOIN keys AS roots ON roots.id = m.root_id LEFT JOIN keys AS forks ON forks.id = m.fork_id;
            {create} abouts AS SELECT a.id, a.link_from_key_id, a.link_to_key_id, a.link_to_author_id,
              senders.key AS link_from_key, targets.key AS link_to_key, authors.author AS link_to_author, m.content
              FROM abouts_raw AS a JOIN keys AS senders ON senders.id = a.link_from_key_id
              JOIN messages_raw AS m ON m.key_id = a.link_from_key_id
              LEFT JOIN keys AS targets ON targets.id = a.link_to_key_id
              LEFT JOIN authors ON authors.id = a.link_to_author_id;
            {create} message_texts AS SELECT key_id, json_extract(content, '$.text') AS text FROM messages_raw
              WHERE content_type IS NOT NULL;
            {(isTemporary ? "" : LinkViews)}
            """;
    }

    /// <summary>
    /// The same contents for a connection that can read the log: views over the file's own table, which hides behind
    /// one of its name.
    /// </summary>
    internal static string TemporaryViews(SqlOptions options) => $"""
        CREATE TEMP VIEW messages_raw AS SELECT flume_seq, key_id, seq, received_time, asserted_time, root_id, fork_id,
          author_id, content_type, coalesce(content, flume_content(flume_seq)) AS content, is_decrypted
          FROM main.messages_raw;
        CREATE TEMP VIEW records AS SELECT flume_seq, coalesce(record, flume_record(flume_seq)) AS record
          FROM main.records;
        {Views(options, isTemporary: true)}
        """;

    private const string LinkViews = """
        CREATE VIEW links AS SELECT l.id, l.link_from_key_id, l.link_to_key_id, senders.key AS link_from_key,
          targets.key AS link_to_key, senders.key AS link_from, targets.key AS link_to
          FROM links_raw AS l JOIN keys AS senders ON senders.id = l.link_from_key_id
          JOIN keys AS targets ON targets.id = l.link_to_key_id;
        CREATE VIEW mentions AS SELECT l.id, l.link_from_key_id, l.link_to_author_id, keys.key AS link_from,
          authors.author AS link_to, m.flume_seq
          FROM mentions_raw AS l JOIN keys ON keys.id = l.link_from_key_id
          JOIN authors ON authors.id = l.link_to_author_id JOIN messages_raw AS m ON m.key_id = l.link_from_key_id;
        CREATE VIEW blob_links AS SELECT l.id, l.link_from_key_id, l.link_to_blob_id, keys.key AS link_from_key,
          blobs.blob AS link_to_blob
          FROM blob_links_raw AS l JOIN keys ON keys.id = l.link_from_key_id JOIN blobs ON blobs.id = l.link_to_blob_id;
        """;

    private static string FullText(SqlOptions options) => options.Layout == SqlLayout.Bare
        ? "CREATE VIRTUAL TABLE texts USING fts5 (text, content='');"
        : "CREATE VIRTUAL TABLE texts USING fts5 (text, content='message_texts', content_rowid='key_id');";
}
