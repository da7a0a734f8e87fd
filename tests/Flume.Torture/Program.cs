using Flume.Torture;
using Flume.Torture.Bits;
using Flume.Torture.Calls;
using Flume.Torture.Kill;
using Flume.Torture.Power;

IKind[] kinds = [new PowerKind(), new JournalPowerKind(), new BitsKind(), new KillKind(), new CallsKind()];
return await new TortureCommand(kinds).RunAsync(args).ConfigureAwait(false);
