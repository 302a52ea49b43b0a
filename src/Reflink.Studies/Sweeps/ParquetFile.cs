using Parquet;
using Parquet.Schema;
using Reflink.Machines;

namespace Reflink.Studies.Sweeps;

/// <summary>The results as Apache Parquet, which pandas, DuckDB and R read with their types: each column has whole numbers, decimals, truths or text.</summary>
internal static class ParquetFile
{
    public static byte[] Of(SnapshotTable table)
    {
        var columns = table.Columns.Select((name, i) => new Column(name, [.. table.Rows.Select(row => row[i])])).ToList();
        using var stream = new MemoryStream();
        Write(columns, stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static async Task Write(IReadOnlyList<Column> columns, Stream stream)
    {
        var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => column.Field)), stream).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in columns)
            {
                await column.WriteTo(group).ConfigureAwait(false);
            }
        }
    }

    private sealed class Column
    {
        private readonly IReadOnlyList<object?> _cells;

        public Column(string name, IReadOnlyList<object?> cells)
        {
            _cells = cells;
            Field = cells.All(cell => cell is null) ? new DataField<string>(name)
                : Has<long>() ? new DataField<long?>(name)
                : cells.All(cell => cell is null or long or double) ? new DataField<double?>(name)
                : Has<bool>() ? new DataField<bool?>(name)
                : new DataField<string>(name);
        }

        public DataField Field { get; }

        public Task WriteTo(ParquetRowGroupWriter group) => Field switch
        {
            DataField<long?> => group.WriteAsync<long>(Field, _cells.Select(cell => (long?)cell).ToArray()),
            DataField<double?> => group.WriteAsync<double>(Field, _cells.Select(cell => cell is long whole ? whole : (double?)cell).ToArray()),
            DataField<bool?> => group.WriteAsync<bool>(Field, _cells.Select(cell => (bool?)cell).ToArray()),
            _ => group.WriteAsync(Field, _cells.Select(cell => cell is null ? null! : Scenarios.Text.Formula.Show(cell)).ToArray()),
        };

        private bool Has<T>() => _cells.All(cell => cell is null or T);
    }
}
