using Npgsql;

namespace Reflink.Cluster.Storage;

/// <summary>The tables of a cluster in a PostgreSQL. Each silo makes them if they are not there.</summary>
internal sealed class PostgresTables(NpgsqlDataSource source)
{
    // Silos that start at once would both make them.
    private const string Make = """
        select pg_advisory_lock(7411);
        create table if not exists reflink_state (key text primary key, version text not null, state bytea not null);
        create table if not exists reflink_cluster (id integer primary key, version integer not null);
        insert into reflink_cluster values (0, 0) on conflict do nothing;
        create table if not exists reflink_silos (address text primary key, etag text not null, entry bytea not null, alive timestamptz not null);
        select pg_advisory_unlock(7411);
        """;

    private readonly NpgsqlDataSource _source = source;

    /// <summary>Makes them.</summary>
    public Task Require() => Change(Make);

    /// <summary>Does a statement; says how many rows it changed. Values are $1, $2 and so on.</summary>
    public async Task<int> Change(string statement, params object[] values)
    {
        await using var command = _source.CreateCommand(statement);
        Add(command, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Does statements of which all take place or none: none if one of them changes no row. Says whether they took place.</summary>
    public async Task<bool> ChangeAll(params (string Statement, object[] Values)[] changes)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (statement, values) in changes)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction);
            Add(command, values);
            if (await command.ExecuteNonQueryAsync() == 0)
            {
                await transaction.RollbackAsync();
                return false;
            }
        }

        await transaction.CommitAsync();
        return true;
    }

    /// <summary>Reads rows.</summary>
    public async Task<IReadOnlyList<T>> Read<T>(Func<NpgsqlDataReader, T> row, string query, params object[] values)
    {
        await using var command = _source.CreateCommand(query);
        Add(command, values);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private static void Add(NpgsqlCommand command, object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}
