using Flume.Actors;
using Flume.Log;

namespace Flume.Torture.Power;

/// <summary>Power losses at every step of the journal: its stored events are there, in their numbers.</summary>
internal sealed class JournalPowerKind : IKind
{
    private const string File = "journal.offset";
    private const int ImagesPerStep = 3;
    private static readonly string[] Ids = ["flume-views-me", "flume-definitions-me", "flume-deletions-me"];

    public string Name => "journal";

    public string What => "power losses at every step of the journal: each stored event is there, and writing goes on";

    public double Weight => 0.5;

    public string? Lacks => null;

    public Task RunAsync(TortureRun run)
    {
        foreach (Attempt attempt in run.Attempts()) new Life(attempt).Run();
        return Task.CompletedTask;
    }

    /// <summary>One journal: random writes and deletions, and an image behind each step of the disk.</summary>
    private sealed class Life(Attempt attempt)
    {
        private readonly ModelDisk _model = new();
        private readonly List<(string Id, long Number, long Value)> _stored = [];
        private readonly HashSet<(string Id, long Number, long Value)> _sent = [];
        private readonly Dictionary<string, long> _voidTo = [];
        private long _value;

        public void Run()
        {
            string folder = Path.Combine(attempt.MemoryFolder, "life");
            string path = Path.Combine(Directory.CreateDirectory(folder).FullName, File);
            var disk = new RecordingDisk(_model, attempt.Random) { Stepped = TakeImages };
            using EventLog events = EventLog.Open(path, long.MaxValue, disk);
            for (int calls = attempt.Random.Next(2, 20); calls > 0; calls--) Call(events, disk);
        }

        private void Call(EventLog events, RecordingDisk disk)
        {
            string id = Ids[attempt.Random.Next(Ids.Length)];
            int kind = attempt.Random.Next(10);
            (disk.FailsNextSync, disk.FailsNextWrite) = (kind == 0, kind == 1);
            try
            {
                if (kind == 2) Delete(events, id);
                else Write(events, id);
            }
            catch (Exception refused) when (refused is LogException or IOException)
            {
                // The next call reopens the journal.
            }

            (disk.FailsNextSync, disk.FailsNextWrite) = (false, false);
        }

        private void Write(EventLog events, string id)
        {
            object[] noted = [.. Enumerable.Range(0, attempt.Random.Next(1, 4)).Select(_ => Event(++_value))];
            long first = events.Highest(id) + 1;
            for (int i = 0; i < noted.Length; i++) _sent.Add((id, first + i, ValueOf(noted[i])));
            events.Write(JournalRecord.Write(id, first, 1, noted));
            for (int i = 0; i < noted.Length; i++) _stored.Add((id, first + i, ValueOf(noted[i])));
        }

        private void Delete(EventLog events, string id)
        {
            _voidTo[id] = events.Highest(id);
            events.Delete(id, events.Highest(id));
        }

        private static DeletionNoted Event(long value) => new(new Offset(value), value % 2 == 0);

        private static long ValueOf(object @event) => ((DeletionNoted)@event).Offset.Value;

        private void TakeImages()
        {
            for (int i = 0; i < ImagesPerStep; i++) Judge(_model.Image(attempt.Random));
        }

        private void Judge((string How, Dictionary<string, byte[]> Files) image)
        {
            attempt.Run.Count();
            string folder = Path.Combine(attempt.MemoryFolder, "image");
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
            foreach ((string name, byte[] content) in image.Files)
                System.IO.File.WriteAllBytes(Path.Combine(folder, name), content);
            try
            {
                using EventLog events = EventLog.Open(Path.Combine(folder, File), long.MaxValue);
                Compare(events, image.How);
                events.Write(JournalRecord.Write(Ids[0], events.Highest(Ids[0]) + 1, 1, [Event(1)]));
            }
            catch (Exception failed) when (failed is LogException or IOException or InvalidOperationException)
            {
                attempt.Violate($"the journal fails with {failed.GetType().Name}", $"{failed.Message} [{image.How}]");
            }
        }

        private void Compare(EventLog events, string how)
        {
            HashSet<(string, long, long)> there = [];
            foreach (string id in Ids)
                foreach ((long number, object @event, _) in events.Read(id, 0, long.MaxValue))
                    there.Add((id, number, ValueOf(@event)));
            foreach ((string id, long number, long value) in _stored)
                if (number > _voidTo.GetValueOrDefault(id) && !there.Contains((id, number, value)))
                    attempt.Violate("a stored event is lost", $"{id} {number} [{how}]");
            foreach ((string id, long number, long value) in there.Cast<(string, long, long)>())
                if (!_sent.Contains((id, number, value)))
                    attempt.Violate("an event was never sent so", $"{id} {number} [{how}]");
        }
    }
}
