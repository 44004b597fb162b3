package org.plimsoll.core;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * JSON as the whole house writes and reads it: snake_case; an unknown or missing field is refused; an absent list, set or map
 * is empty; an absent {@code Optional} is left out; instants are RFC 3339; a duration is written {@code PT12H} and read as people
 * write it too ({@code 12h}). Null never enters a record.
 */
public final class Json {

    /** The one mapper. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .withConfigOverride(List.class, Json::absentIsEmpty)
            .withConfigOverride(Set.class, Json::absentIsEmpty)
            .withConfigOverride(Map.class, Json::absentIsEmpty)
            .changeDefaultPropertyInclusion(now -> now.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .changeDefaultVisibility(methods -> methods.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
            .annotationIntrospector(new RequiredComponents())
            .addModule(new SimpleModule()
                    .addDeserializer(Duration.class, new SpanReader())
                    .addDeserializer(Instant.class, new InstantReader())
                    .setDeserializerModifier(new ByConstructor()))
            .build();

    private Json() {}

    private static void absentIsEmpty(tools.jackson.databind.cfg.MutableConfigOverride type) {
        type.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }

    /** The UTF-8 bytes of this value's JSON. */
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** This value's JSON. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The value in these bytes. @throws tools.jackson.core.JacksonException where they are not JSON of this type */
    public static <T> T read(byte[] json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** The value in this text. @throws tools.jackson.core.JacksonException where it is not JSON of this type */
    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    /** What is not optional and not a collection must be there; without this an absent double would silently be 0.0. */
    private static final class RequiredComponents extends JacksonAnnotationIntrospector {

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            if (!member.getDeclaringClass().isRecord()) {
                return super.hasRequiredMarker(config, member);
            }
            Class<?> type = member.getRawType();
            return !(type == Optional.class
                    || type == OptionalLong.class
                    || type == OptionalInt.class
                    || type == OptionalDouble.class
                    || Collection.class.isAssignableFrom(type)
                    || Map.class.isAssignableFrom(type));
        }
    }

    /** Reads what {@link Instant#toString} writes by hand, tens of thousands of them in a request; all else as Jackson does. */
    private static final class InstantReader extends StdScalarDeserializer<Instant> {

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) {
            return json.hasToken(JsonToken.VALUE_STRING)
                    ? Instants.plain(json.getString())
                            .orElseGet(() -> InstantDeserializer.INSTANT.deserialize(json, context))
                    : InstantDeserializer.INSTANT.deserialize(json, context);
        }
    }

    /** Has records made by their constructor. */
    private static final class ByConstructor extends ValueDeserializerModifier {

        @Override
        public BeanDeserializerBuilder updateBuilder(
                DeserializationConfig config, BeanDescription.Supplier bean, BeanDeserializerBuilder builder) {
            if (bean.isRecordType()
                    && builder.getValueInstantiator() instanceof StdValueInstantiator usual
                    && usual.getWithArgsCreator() != null
                    && usual.getWithArgsCreator().getAnnotated() instanceof Constructor<?> constructor) {
                builder.setValueInstantiator(new RecordMaker(usual, constructor));
            }
            return builder;
        }
    }

    /** Makes a record in a fifth of the time of Jackson's own way, which looks a method handle's type up for each. */
    private static final class RecordMaker extends StdValueInstantiator {

        private final transient Constructor<?> constructor;

        RecordMaker(StdValueInstantiator usual, Constructor<?> constructor) {
            super(usual);
            this.constructor = constructor;
        }

        @Override
        public Object createFromObjectWith(DeserializationContext context, Object[] components) {
            try {
                return constructor.newInstance(components);
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                return context.handleInstantiationProblem(getValueClass(), components, rewrapCtorProblem(context, e));
            }
        }
    }

    /** Reads {@code 12h} and {@code PT12H}. */
    private static final class SpanReader extends StdScalarDeserializer<Duration> {

        SpanReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser json, DeserializationContext context) {
            String text = json.getValueAsString("");
            return Spans.parse(text.isEmpty() ? String.valueOf(json.currentToken()) : text);
        }
    }
}
