using System.Net;
using System.Reflection;

namespace Reflink.Studies.Reporting;

/// <summary>The page around a report's data: style, scripts and the data stand in it, so that it needs no other file.</summary>
internal static class ReportPage
{
    // In this order: later ones use earlier ones.
    private static readonly string[] s_scripts = ["page.js", "charts.js", "shapes.js", "memory.js", "table.js", "frames.js", "map.js", "graph.js", "machine.js", "main.js"];

    public static string Of(string title, string json)
    {
        var scripts = string.Concat(s_scripts.Select(Asset));
        return string.Join('\n', Asset("page.html").Split('\n').Select(line => line.Trim() switch
        {
            "<!-- title -->" => $"<title>{WebUtility.HtmlEncode(title)}</title>",
            "<!-- style -->" => $"<style>\n{Asset("uPlot.min.css")}\n{Asset("page.css")}</style>",
            "<!-- data -->" => $"<script type=\"application/json\" id=\"data\">{json}</script>",
            "<!-- uPlot -->" => $"<script>\n/*\n{Asset("uPlot.LICENSE")}*/\n{Asset("uPlot.iife.min.js")}\n</script>",
            "<!-- scripts -->" => $"<script>\n\"use strict\";\n(() => {{\n{scripts}}})();\n</script>",
            _ => line,
        }));
    }

    private static string Asset(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"Reflink.Studies.Reporting.Assets.{name}")!);
        return reader.ReadToEnd();
    }
}
