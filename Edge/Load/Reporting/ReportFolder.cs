namespace Mcptt.Load.Reporting;

/// <summary>A report as files: for programs, for a browser, and the picture alone.</summary>
public static class ReportFolder
{
    public const string JsonName = "report.json";
    public const string PageName = "report.html";
    public const string PictureName = "report.svg";

    public static void Write(DirectoryInfo folder, LoadReport report)
    {
        folder.Create();
        File.WriteAllText(Path.Combine(folder.FullName, JsonName), ReportJson.Write(report));
        File.WriteAllText(Path.Combine(folder.FullName, PageName), ReportPage.Html(report));
        File.WriteAllText(Path.Combine(folder.FullName, PictureName), ReportPage.Svg(report));
    }
}
