using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Lets actors work on the thread that sends to them: when Tell returns, the message was handled.</summary>
/// <remarks>1. An actor that is working already handles the message when it is done with the one before.</remarks>
public class CallingThreadDispatcher : MessageDispatcher
{
    public static new string Id = "akka.test.calling-thread-dispatcher";

    internal CallingThreadDispatcher() : base(Id, int.MaxValue, TimeSpan.Zero)
    {
    }

    internal override void Run(IThreadPoolWorkItem turn) => turn.Execute();
}
