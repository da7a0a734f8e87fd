using Flume.Sql.Native;
using Flume.Sql.Rows;

namespace Flume.Sql.Build;

/// <summary>The rows of votes_raw and contacts_raw during a build of a whole file, folded in memory.</summary>
internal sealed class BulkFold
{
    private readonly Dictionary<(int Author, int Key), long> _votes = [];
    private readonly Dictionary<(int Author, int Contact, bool IsDecrypted), (long Id, int State)> _contacts = [];

    /// <summary>Takes the events of a block; blocks come in log order.</summary>
    internal void Take(RowBlock block)
    {
        for (int i = 0; i < block.Votes.Count; i++)
        {
            VoteEvent vote = block.Votes[i];
            var pair = ((int)vote.Author, (int)vote.Key);
            if (vote.IsLike) _votes.TryAdd(pair, vote.Id);
            else _votes.Remove(pair);
        }

        for (int i = 0; i < block.Contacts.Count; i++)
        {
            ContactEvent contact = block.Contacts[i];
            var triple = ((int)contact.Author, (int)contact.Contact, contact.IsDecrypted);
            long id = _contacts.TryGetValue(triple, out (long Id, int State) known) ? known.Id : contact.Id;
            _contacts[triple] = (id, contact.State);
        }
    }

    /// <summary>Writes what stands at the end, in the order of ids.</summary>
    internal void Write(SqlConnection connection, RowBlock scratch)
    {
        var votes = new RowList<LinkRow>();
        foreach (((int Author, int Key) pair, long id) in Sorted(_votes, vote => vote))
            votes.Add() = new LinkRow { Id = id, From = pair.Author, To = pair.Key };
        using (var insert = new MultiInsert<LinkRow>(connection, "votes_raw", LinkRow.Columns))
            insert.Run(votes, scratch);
        using SqlStatement contact = connection.Prepare("INSERT INTO contacts_raw VALUES (?, ?, ?, ?, ?)");
        foreach (((int Author, int Contact, bool IsDecrypted) of, (long id, int state)) in
            Sorted(_contacts, row => row.Id))
        {
            contact.Bind(1, id).Bind(2, of.Author).Bind(3, of.Contact).Bind(4, of.IsDecrypted ? 1 : 0).Bind(5, state);
            contact.Run();
        }
    }

    private static KeyValuePair<TKey, TValue>[] Sorted<TKey, TValue>(
        Dictionary<TKey, TValue> rows, Func<TValue, long> id) where TKey : notnull
    {
        KeyValuePair<TKey, TValue>[] sorted = [.. rows];
        long[] keys = Array.ConvertAll(sorted, row => id(row.Value));
        Array.Sort(keys, sorted);
        return sorted;
    }
}
