namespace Tuppence.Thrift.KeepAlive;

/// <summary>What is known of how long users of a conversation pause.</summary>
public interface IReturnForecast
{
    /// <summary>The chance, 0 to 1, that the next request starts within <paramref name="window"/>, when none has for <paramref name="idle"/>.</summary>
    /// <param name="idle">Time since the start of the latest request.</param>
    /// <param name="window">Time from now on.</param>
    double ChanceWithin(TimeSpan idle, TimeSpan window);
}
