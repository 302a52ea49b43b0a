using System.CommandLine;
using Reflink.Studies.Clusters;

namespace Reflink.Cli.Studying.Clusters;

/// <summary>Addresses of a cluster: of one silo, or of several so that another is asked when one has ended.</summary>
internal sealed class ClusterOption : Option<string?>
{
    public ClusterOption(string description)
        : base("--cluster")
    {
        Description = description;
        HelpName = "URL,URL";
        Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !ClusterClient.IsGood(token.Value)))
            {
                result.AddError($"--cluster takes the address of a silo as 'reflink study serve' prints it, such as http://127.0.0.1:7411; not '{token.Value}'");
            }
        });
    }
}
