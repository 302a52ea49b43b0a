namespace Reflink.Cli.Tests;

/// <summary>What is wrong on the command line itself: exit code 2, before anything is read.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("", "command", "'reflink --help'")]
    [InlineData("bogus", "'bogus'", "'reflink --help'")]
    [InlineData("compare extra", "'extra'", "'reflink compare --help'")]
    [InlineData("compare --bogus", "'--bogus'", "'reflink compare --help'")]
    [InlineData("compare --binary --bogus", "--binary takes the name of a file; '--bogus' looks like an option", "write './--bogus'")]
    [InlineData("compare --patches -x", "--patches takes the name of a file; '-x' looks like an option", "write './-x'")]
    [InlineData("compare --spread", "--spread", "argument")]
    [InlineData("compare --spread many", "--spread takes a whole number from 1", "not 'many'")]
    [InlineData("compare --spread 0", "--spread takes a whole number from 1", "not '0'")]
    [InlineData("compare --processes -3", "--processes takes a whole number from 1", "not '-3'")]
    [InlineData("compare --processes 1.5 --users 2", "--processes takes a whole number from 1", "not '1.5'")]
    [InlineData("compare --users 99999999999", "--users takes a whole number from 1", "not '99999999999'")]
    [InlineData("compare --processes 3 --users 4", "--users 4 is more than --processes 3", "every user has a process")]
    [InlineData("compare --users 51", "--users 51 is more than --processes 50", "every user has a process")]
    [InlineData("compare --spread 5 --spread 6", "'--spread'", "single argument")]
    [InlineData("compare --sites lines", "--sites takes one of functions,sdt,patchable,xray", "not 'lines'")]
    [InlineData("compare --patches p --sites sdt", "--patches and --sites both say what to patch", "give one of them")]
    [InlineData("sites", "argument", "'reflink sites --help'")]
    [InlineData("sites --bogus", "PATH takes the name of a file; '--bogus' looks like an option", "write './--bogus'")]
    [InlineData("sites a --kind lines", "--kind takes some of functions,sdt,patchable,xray", "not 'lines'")]
    [InlineData("patch", "command", "'reflink patch --help'")]
    [InlineData("patch show", "argument", "'reflink patch show --help'")]
    [InlineData("patch check a", "argument", "'reflink patch check --help'")]
    [InlineData("patch convert a", "'--to'", "'reflink patch convert --help'")]
    [InlineData("patch convert a --to xml", "--to takes one of text,json", "not 'xml'")]
    [InlineData("compare --mechanisms magic", "--mechanisms takes some of private,copied-file,delta,text-poke", "not 'magic'")]
    [InlineData("compare --mechanisms private,", "--mechanisms takes some of private,copied-file,delta,text-poke", "not ''")]
    [InlineData("compare --mechanisms private,private", "--mechanisms takes each name once", "'private,private'")]
    [InlineData("compare --patches p --spread 5", "--patches and --spread both say what to patch", "give one of them")]
    public void Wrong_usage_is_named_with_the_remedy(string line, string what, string remedy) =>
        Cli.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Refused(2, what, remedy);
}
