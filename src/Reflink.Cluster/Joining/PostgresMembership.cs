using System.Globalization;
using Orleans.Serialization;
using Reflink.Cluster.Storage;

namespace Reflink.Cluster.Joining;

/// <summary>
/// The list of silos in a PostgreSQL. Each change counts the version of the list up, and is refused where another silo was faster, as Orleans asks for;
/// signs of life alone change a row without it.
/// </summary>
internal sealed class PostgresMembership(PostgresTables tables, Serializer serializer) : IMembershipTable
{
    private const string CountUp = "update reflink_cluster set version = $1 where version = $2";

    private readonly PostgresTables _tables = tables;
    private readonly Serializer _serializer = serializer;

    public Task InitializeMembershipTable(bool tryInitTableVersion) => _tables.Require();

    public Task DeleteMembershipTableEntries(string clusterId) => _tables.Change("delete from reflink_silos");

    public async Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate)
    {
        foreach (var (entry, _) in (await ReadAll()).Members.Where(m => m.Item1.Status == SiloStatus.Dead && m.Item1.IAmAliveTime < beforeDate.UtcDateTime))
        {
            _ = await _tables.Change("delete from reflink_silos where address = $1", KeyOf(entry));
        }
    }

    public Task<MembershipTableData> ReadRow(SiloAddress key) => Read("where address = $1", key.ToParsableString());

    public Task<MembershipTableData> ReadAll() => Read("");

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => _tables.ChangeAll(
        Counting(tableVersion),
        ("insert into reflink_silos values ($1, $2, $3, $4) on conflict do nothing", [KeyOf(entry), TagOf(tableVersion), _serializer.SerializeToArray(entry), Alive(entry)]));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => _tables.ChangeAll(
        Counting(tableVersion),
        ("update reflink_silos set etag = $2, entry = $3, alive = $4 where address = $1 and etag = $5", [KeyOf(entry), TagOf(tableVersion), _serializer.SerializeToArray(entry), Alive(entry), etag]));

    public Task UpdateIAmAlive(MembershipEntry entry) => _tables.Change("update reflink_silos set alive = $2 where address = $1", KeyOf(entry), Alive(entry));

    private static (string, object[]) Counting(TableVersion next) => (CountUp, [next.Version, next.Version - 1]);

    private static string KeyOf(MembershipEntry entry) => entry.SiloAddress.ToParsableString();

    private static string TagOf(TableVersion version) => version.Version.ToString(CultureInfo.InvariantCulture);

    private static DateTime Alive(MembershipEntry entry) => DateTime.SpecifyKind(entry.IAmAliveTime, DateTimeKind.Utc);

    // One statement, so that version and rows are of one moment.
    private async Task<MembershipTableData> Read(string which, params object[] values)
    {
        var rows = await _tables.Read(
            row => (Version: row.GetInt32(0), Entry: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1), Tag: row.IsDBNull(2) ? "" : row.GetString(2), Alive: row.IsDBNull(3) ? default : row.GetDateTime(3)),
            $"select version, entry, etag, alive from reflink_cluster left join (select * from reflink_silos {which}) as silos on true", values);
        var members = rows.Where(row => row.Entry is not null).Select(row =>
        {
            var entry = _serializer.Deserialize<MembershipEntry>(row.Entry!)!;
            entry.IAmAliveTime = row.Alive;
            return Tuple.Create(entry, row.Tag);
        });
        return new MembershipTableData([.. members], new TableVersion(rows[0].Version, rows[0].Version.ToString(CultureInfo.InvariantCulture)));
    }
}
