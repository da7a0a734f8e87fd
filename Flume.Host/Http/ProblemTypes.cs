namespace Flume.Host.Http;

/// <summary>All problem types of the HTTP server, grouped by cause: request, limit, or server state.</summary>
internal static class ProblemTypes
{
    // The request is wrong: a retry gives the same answer.

    public static readonly ProblemType NoSuchRoute = new("no-such-route", 404,
        "No such route", "Compare the address and the method with the list in the answer.");

    public static readonly ProblemType WrongMethod = new("wrong-method", 405,
        "The address has no such method", "The header Allow lists its methods.");

    public static readonly ProblemType BadEncoding = new("bad-encoding", 415,
        "The body is encoded", "Send the body as it is, without compression.");

    public static readonly ProblemType SlowBody = new("slow-body", 408,
        "The body came too slowly", "Send it faster, or in smaller requests.");

    public static readonly ProblemType NoSuchIdentity = new("no-such-identity", 404,
        "No such identity", "GET /v1/identities lists those there are; POST /v1/identities/NAME makes one.");

    public static readonly ProblemType NoSuchView = new("no-such-view", 404,
        "No such view", "GET /v1/NAME/views lists those there are.");

    public static readonly ProblemType NoSuchMethod = new("no-such-method", 404,
        "No such API method", "The call 'help' lists the methods.");

    public static readonly ProblemType NotFound = new("not-found", 404,
        "Nothing is stored under that key", "Check the key; a message that was deleted has none.");

    public static readonly ProblemType BadParameter = new("bad-parameter", 400,
        "A parameter has the wrong shape", "The member 'expected' says what the parameter must be.");

    public static readonly ProblemType BadQuery = new("bad-query", 400,
        "The query can't be answered as it is written", "The member 'detail' says which part of it.");

    public static readonly ProblemType QueryTooLarge = new("query-too-large", 422,
        "The query needs more memory than it may take", "Narrow it with a $filter or a limit.");

    public static readonly ProblemType QueryForbidden = new("query-forbidden", 403,
        "The statement does what a reader may not do", "Send one SELECT over the tables that docs/sql.md lists.");

    public static readonly ProblemType QueryTime = new("query-time", 422,
        "The statement took longer than it may", "Narrow it, or let an index help.");

    public static readonly ProblemType BadBody = new("bad-body", 400,
        "The body is not what this address expects", "The member 'expected' describes the body.");

    public static readonly ProblemType BeyondHead = new("beyond-head", 400,
        "The offset is greater than the head of the log", "Ask for at least an offset that an append answered.");

    public static readonly ProblemType WrongHost = new("wrong-host", 421,
        "The Host header names another server",
        "Use http://127.0.0.1:PORT, or list the name in flume.http.host-names.");

    public static readonly ProblemType WrongOrigin = new("wrong-origin", 403,
        "Another site's page may not call this server",
        "Call it from a page that this server serves, or without a browser.");

    public static readonly ProblemType TokenNeeded = new("token-needed", 401,
        "The server asks for a token",
        "Send the header Authorization: Bearer TOKEN; the command line takes it from the variable FLUME_TOKEN. The server's "
        + "operator has tokens.");

    public static readonly ProblemType ScopeMissing = new("scope-missing", 403,
        "The token lacks the scope for this", "Use a token with the scope that the member 'expected' names.");

    public static readonly ProblemType CallFailed = new("call-failed", 422,
        "The API method answered with an error", "The members 'name' and 'detail' are the error's name and message.");

    public static readonly ProblemType CommandRefused = new("command-refused", 409,
        "A view refused the command", "The member 'views' says what each view does now and why it refused.");

    public static readonly ProblemType ViewRefused = new("view-refused", 409,
        "A view was not registered, removed or committed to", "The member 'detail' says why; nothing changed.");

    public static readonly ProblemType IdentityRefused = new("identity-refused", 409,
        "The identity can't be made or opened", "The member 'detail' says why.");

    public static readonly ProblemType HeadMoved = new("head-moved", 409,
        "The log has records behind the expected head; nothing was written",
        "Read the log behind the expected head, decide again, and expect the head that the member 'head' names.");

    // A limit: the answer names its key of flume.http.

    public static readonly ProblemType BodyTooLarge = new("body-too-large", 413,
        "The body is larger than the limit", "Send less at once, or raise the limit that the answer names.");

    public static readonly ProblemType LineTooLong = new("line-too-long", 413,
        "A value in the body is longer than the limit",
        "Send a shorter value, or raise the limit that the answer names.");

    public static readonly ProblemType TooManyRecords = new("too-many-records", 413,
        "The body holds more records than the limit",
        "Send them in several requests, or raise the limit that the answer names.");

    public static readonly ProblemType TooManyStreams = new("too-many-streams", 503,
        "As many streams are open as the limit allows", "Close streams or try again later.");

    public static readonly ProblemType TooManyReads = new("too-many-reads", 503,
        "As many calls wait for an answer as the limit allows", "Try again later, or take older rows with wait=false.");

    public static readonly ProblemType WorkBusy = new("work-busy", 503,
        "Work of that kind is under way", "Try again when it is done.");

    // The server's state: a retry may succeed later.

    public static readonly ProblemType AppendBusy = new("append-busy", 503,
        "The append buffer is full; nothing was written", "Try again a little later.");

    public static readonly ProblemType AppendTooLarge = new("append-too-large", 413,
        "The log does not take a record of that size; nothing was written", "Send a smaller value.");

    public static readonly ProblemType LogReadOnly = new("log-read-only", 503,
        "The log refuses appends; nothing was written", "GET /v1/identities states the reason; an operator must act.");

    public static readonly ProblemType AppendUnknown = new("append-unknown", 500,
        "Writing failed: the records may or may not be in the log", "Read the end of the log before trying again.");

    public static readonly ProblemType ViewStanding = new("view-standing", 409,
        "The view is paused or faulted before the offset asked for",
        "Resume it, or take its rows as they are with wait=false.");

    public static readonly ProblemType ReadDeadline = new("read-deadline", 504,
        "The view did not become fresh enough in time", "Try again later, or take older rows with wait=false.");

    public static readonly ProblemType BackupFailed = new("backup-failed", 409,
        "The backup was not made", "The member 'detail' says why; an earlier backup in that folder is as it was.");

    public static readonly ProblemType Stopping = new("stopping", 503,
        "The server is stopping", "Try again when it is back.");

    public static readonly ProblemType NotReady = new("not-ready", 503,
        "The server does not answer yet", "Ask again; GET /health/live shows whether it runs.");

    public static readonly ProblemType Damaged = new("damaged", 500,
        "The log or a view's rows are damaged",
        "Run 'flume verify --data DIR' for the log; damaged rows are rebuilt by themselves.");

    public static readonly ProblemType Unexpected = new("unexpected", 500,
        "The server failed in a way it was not written for",
        "Report it, with what the server wrote to its error output.");

    /// <summary>All types, as <c>GET /problems</c> lists them.</summary>
    public static readonly IReadOnlyList<ProblemType> All =
    [
        NoSuchRoute, WrongMethod, BadEncoding, SlowBody, NoSuchIdentity, NoSuchView, NoSuchMethod, NotFound,
        BadParameter, BadQuery, QueryTooLarge, QueryForbidden, QueryTime, BadBody, BeyondHead,
        WrongHost, WrongOrigin, TokenNeeded, ScopeMissing,
        CallFailed, CommandRefused, ViewRefused, IdentityRefused, HeadMoved, BodyTooLarge, LineTooLong,
        TooManyRecords,
        TooManyStreams, TooManyReads, WorkBusy, AppendBusy, AppendTooLarge, LogReadOnly, AppendUnknown, ViewStanding,
        ReadDeadline, BackupFailed, Stopping, NotReady, Damaged, Unexpected,
    ];
}
