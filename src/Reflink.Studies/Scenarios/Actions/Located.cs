using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Has failures name the line of the scenario that they belong to.</summary>
internal static class Located
{
    public static T At<T>(string file, YamlPiece at, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ReflinkException e)
        {
            throw new ReflinkException(e.Error, $"{(at.Line == 0 ? file : $"{file}:{at.Line}")}: {e.Reason}", e);
        }
    }
}
