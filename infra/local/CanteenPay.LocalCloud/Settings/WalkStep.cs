using System.Text.Json;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>One request of the walk. Path, body and the values waited for may hold placeholders, those of the cloud and what earlier steps kept.</summary>
/// <param name="Method"><c>GET</c>, <c>POST</c> or <c>PUT</c>.</param>
/// <param name="Path">From the root of where it goes.</param>
/// <param name="Key">Names the step in <c>walk.json</c>, and is the header <c>Idempotency-Key</c>: asked twice under one key it is done once.</param>
/// <param name="Body">JSON.</param>
/// <param name="Keep">Texts of the answer that later steps, devices and programs need: a field's name by the name in their braces.</param>
/// <param name="Settled">Refusals that are in order, because they say that it is done already or was changed since by somebody.</param>
/// <param name="As">Key of the persona who asks, with a bearer token; without it nobody in particular.</param>
/// <param name="To">Whom: the address of the app unless it says <c>{status}</c> or a program that is started before the walk, in braces.</param>
/// <param name="Picture">In place of a body: a picture of a paper, drawn when it is sent, by its name.</param>
/// <param name="Until">A <c>GET</c> is repeated until each of these fields of its answer, by name, is this.</param>
internal sealed record WalkStep(
    string Method,
    string Path,
    string Key,
    JsonElement? Body = null,
    IReadOnlyDictionary<string, string>? Keep = null,
    IReadOnlyList<int>? Settled = null,
    string? As = null,
    string To = "{functions}",
    string? Picture = null,
    IReadOnlyDictionary<string, string>? Until = null);
