package org.plimsoll.store;

import java.lang.reflect.Type;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.generic.GenericTypes;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.ColumnMapperFactory;
import org.jdbi.v3.core.mapper.ColumnMappers;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.RowMapperFactory;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.plimsoll.core.DatasetName;
import org.plimsoll.core.Digest;
import org.plimsoll.core.EndpointName;
import org.plimsoll.core.EnvironmentName;
import org.plimsoll.core.ExperimentName;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.PolicyName;
import org.plimsoll.core.VersionId;

/**
 * What SQL knows of our types, on both databases: digests, names and version ids are TEXT; instants are BIGINT, UTC epoch
 * milliseconds; enums are their names; and a record of ours is a row whose columns are its components in snake_case.
 */
final class Sql {

    private static final Map<Class<?>, Function<String, ?>> TEXTS = Map.of(
            DatasetName.class, DatasetName::new,
            Digest.class, Digest::new,
            EndpointName.class, EndpointName::new,
            EnvironmentName.class, EnvironmentName::new,
            ExperimentName.class, ExperimentName::new,
            ModelName.class, ModelName::new,
            PolicyName.class, PolicyName::new,
            VersionId.class, VersionId::parse);

    private Sql() {}

    static Jdbi jdbi(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(false);
        jdbi.registerArgument(new OurArguments());
        jdbi.registerColumnMapper(new OurColumns());
        jdbi.registerRowMapper(new OurRows());
        return jdbi;
    }

    /** Preparable, because JDBI asks those first, and its own way with instants is a timestamp. */
    private static final class OurArguments implements ArgumentFactory.Preparable {
        @Override
        public Optional<Function<Object, Argument>> prepare(Type type, ConfigRegistry config) {
            if (type == Instant.class) {
                return Optional.of(value -> (position, statement, context) -> {
                    if (value instanceof Instant instant) {
                        statement.setLong(position, instant.toEpochMilli());
                    } else {
                        statement.setNull(position, Types.BIGINT);
                    }
                });
            }
            if (type instanceof Class<?> raw && TEXTS.containsKey(raw)) {
                return Optional.of(value -> (position, statement, context) ->
                        statement.setString(position, value == null ? null : value.toString()));
            }
            return Optional.empty();
        }
    }

    private static final class OurColumns implements ColumnMapperFactory {
        @Override
        public Optional<ColumnMapper<?>> build(Type type, ConfigRegistry config) {
            if (type == Instant.class) {
                return Optional.of(new InstantColumn());
            }
            Function<String, ?> read = type instanceof Class<?> raw ? TEXTS.get(raw) : null;
            return Optional.ofNullable(read).map(TextColumn::new);
        }
    }

    private static final class InstantColumn implements ColumnMapper<Instant> {
        @Override
        public @Nullable Instant map(ResultSet rows, int column, StatementContext context) throws SQLException {
            long millis = rows.getLong(column);
            return rows.wasNull() ? null : Instant.ofEpochMilli(millis);
        }
    }

    private record TextColumn<T>(Function<String, T> read) implements ColumnMapper<T> {
        @Override
        public @Nullable T map(ResultSet rows, int column, StatementContext context) throws SQLException {
            String text = rows.getString(column);
            return text == null ? null : read.apply(text);
        }
    }

    /** Records of this house, but those that are a column by themselves. */
    private static final class OurRows implements RowMapperFactory {
        @Override
        public Optional<RowMapper<?>> build(Type type, ConfigRegistry config) {
            Class<?> raw = GenericTypes.getErasedType(type);
            boolean ours = raw.isRecord() && raw.getName().startsWith("org.plimsoll.");
            return ours && config.get(ColumnMappers.class).findFor(type).isEmpty()
                    ? Optional.of(ConstructorMapper.of(raw))
                    : Optional.empty();
        }
    }
}
