namespace Tuppence.Thrift.KeepAlive;

/// <summary>Why there is no further ping.</summary>
public enum KeepAliveStop
{
    /// <summary>There is one.</summary>
    None,

    /// <summary>The prefix is too small to be worth it.</summary>
    TooSmall,

    /// <summary>Reading is not cheap enough at these prices for a single ping to pay.</summary>
    Prices,

    /// <summary>As many pings as losing the entry costs have been sent.</summary>
    Cap,

    /// <summary>The user is not likely enough to come back in time.</summary>
    Unlikely,

    /// <summary>It would go beyond the conversation's budget.</summary>
    ConversationBudget,

    /// <summary>It would go beyond the budget of all conversations.</summary>
    Budget,
}
