namespace Tuppence.Emulator.Models;

/// <summary>The models the emulator plays. The one place where it learns anything about a model.</summary>
internal interface IEmulatedModels
{
    /// <summary>All models, newest first, as <c>GET /v1/models</c> lists them.</summary>
    IReadOnlyList<EmulatedModel> All { get; }

    /// <summary>The model of an id or alias; <see langword="null"/> where there is none.</summary>
    EmulatedModel? Find(string idOrAlias);
}
