using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Flume.Sql.Native;

/// <summary>Calls into the SQLite library that SQLitePCLRaw does not offer, or only with a copy or a string.</summary>
/// <remarks>
/// Ownership: a text that is bound with <see cref="StaticLifetime"/> belongs to the caller. Its bytes must stay in
/// place until the statement was stepped and the parameter is bound anew, or the statement is finalized.
/// </remarks>
internal static unsafe partial class NativeSqlite
{
    /// <summary>The native library that the package SQLitePCLRaw.bundle_e_sqlite3 brings.</summary>
    private const string Library = "e_sqlite3";

    /// <summary>SQLITE_STATIC: SQLite makes no copy.</summary>
    internal const nint StaticLifetime = 0;

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_bind_double(nint statement, int index, double value);

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_bind_text(nint statement, int index, byte* text, int bytes, nint lifetime);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_error_offset(nint database);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int sqlite3_file_control(nint database, string schema, int operation, int* argument);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void sqlite3_result_text(nint context, byte* text, int bytes, nint lifetime);
}
