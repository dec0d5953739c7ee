namespace Tuppence.Configuration;

/// <summary>When a browser is opened at start.</summary>
public enum BrowserOpening
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>With the sign-in page, where the chosen upstream needs a sign-in and there is none.</summary>
    SignIn,

    /// <summary>Always: with the sign-in page where a sign-in is needed, else with the front page.</summary>
    On,
}
