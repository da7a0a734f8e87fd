using Flume.Torture;
using Flume.Torture.Bits;
using Flume.Torture.Calls;
using Flume.Torture.Hostile;
using Flume.Torture.Kill;
using Flume.Torture.Power;
using Flume.Torture.Replication;
using Flume.Torture.Side;
using Flume.Torture.Small;
using Flume.Torture.Soak;

IKind[] kinds =
[
    new PowerKind(), new JournalPowerKind(), new DiskKind(), new BitsKind(), new SideKind(), new KillKind(), new CallsKind(), new HostileKind(),
    new SyncKind(), new SoakKind(), new SmallKind(),
];
return await new TortureCommand(kinds).RunAsync(args);
