namespace Reflink.Cli.Volumes;

/// <summary>What a volume command found out, as JSON and as text; and how it ends.</summary>
internal sealed record VolumeAnswer(object Json, string Text, int Code = ExitCode.Success);
