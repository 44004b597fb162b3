package org.plimsoll.api;

import com.fasterxml.jackson.annotation.JsonValue;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.plimsoll.access.Catalogue;
import org.plimsoll.access.Operation;
import org.plimsoll.access.Operation.Audience;
import org.plimsoll.core.Json;
import org.plimsoll.store.Job;
import tools.jackson.databind.node.ObjectNode;

/** OpenAPI 3.1 of every operation, with JSON Schema 2020-12 made from the records themselves. */
public final class OpenApi {

    private static final String JSON = "application/json";
    private static final String BYTES = "application/octet-stream";

    private final SchemaBuilder schemas;

    private OpenApi() {
        var config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .without(Option.SCHEMA_VERSION_INDICATOR)
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS, Option.FLATTENED_OPTIONALS);
        config.forFields()
                .withPropertyNameOverrideResolver(field -> RequestReader.snake(field.getName()))
                .withRequiredCheck(field -> !field.isFakeContainerItemScope()
                        && isRequired(field.getDeclaredType().getErasedType()));
        config.forTypesInGeneral()
                .withCustomDefinitionProvider((type, context) -> scalar(type.getErasedType())
                        .map(definition -> new CustomDefinition(
                                definition,
                                CustomDefinition.DefinitionType.INLINE,
                                CustomDefinition.AttributeInclusion.YES))
                        .orElse(null));
        schemas = new SchemaGenerator(config.build()).buildMultipleSchemaDefinitions();
    }

    /** The document of these operations. */
    public static ObjectNode of(Catalogue catalogue) {
        return new OpenApi().document(catalogue);
    }

    private ObjectNode document(Catalogue catalogue) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Plimsoll")
                .put("version", "1")
                .put("description", "Takes a machine-learning model from data to retirement.");
        document.putArray("security").addObject().putArray("token");
        ObjectNode paths = document.putObject("paths");
        for (Operation<?, ?, ?> operation : catalogue.all()) {
            String path = ApiEdge.ROOT + operation.path().replace("{+", "{");
            describe(
                    operation,
                    paths.withObjectProperty(path).putObject(operation.method().toLowerCase(Locale.ROOT)));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer");
        components.set("schemas", schemas.collectDefinitions("components/schemas"));
        components.withObjectProperty("schemas").set("Problem", problem());
        return document;
    }

    private void describe(Operation<?, ?, ?> it, ObjectNode at) {
        at.put("operationId", it.name());
        at.putArray("tags").add(it.name().substring(0, it.name().indexOf('.')));
        at.put("x-kind", it.kind().name());
        var roles = at.putArray("x-roles");
        it.roles().stream().sorted().forEach(role -> roles.add(role.name()));
        if (it.audience() == Audience.ANYONE) {
            at.putArray("security");
        }
        parameters(it, at);
        if (it.isUpload()) {
            at.putObject("requestBody").putObject("content").putObject(BYTES);
        } else if (!it.method().equals("GET") && hasBody(it)) {
            at.putObject("requestBody")
                    .putObject("content")
                    .putObject(JSON)
                    .set("schema", schemas.createSchemaReference(it.request()));
        }
        answers(it, at.putObject("responses"));
    }

    private void parameters(Operation<?, ?, ?> it, ObjectNode at) {
        if (it.kind() != Operation.Kind.READ) {
            ObjectNode key = at.withArrayProperty("parameters").addObject();
            key.put("name", "Idempotency-Key").put("in", "header").put("required", false);
            key.putObject("schema").put("type", "string").put("maxLength", 100);
        }
        for (RecordComponent component : it.request().getRecordComponents()) {
            String name = RequestReader.snake(component.getName());
            boolean isInPath = RequestReader.isInPath(it, name);
            if (isInPath || it.method().equals("GET") || it.isUpload()) {
                ObjectNode parameter = at.withArrayProperty("parameters").addObject();
                parameter.put("name", name).put("in", isInPath ? "path" : "query");
                parameter.put("required", isRequired(component.getType()));
                parameter.set("schema", schemas.createSchemaReference(present(component.getGenericType())));
            }
        }
    }

    private void answers(Operation<?, ?, ?> it, ObjectNode answers) {
        boolean isJob = it.kind() == Operation.Kind.CHANGE && it.reply() == Job.class;
        ObjectNode done = answers.putObject(isJob ? "202" : "200");
        done.put("description", isJob ? "accepted; the job says how it goes" : "done");
        ObjectNode content = done.putObject("content");
        if (it.isDownload()) {
            content.putObject(BYTES);
        } else {
            content.putObject(JSON).set("schema", schemas.createSchemaReference(it.reply()));
        }
        ObjectNode problem = answers.putObject("default");
        problem.put("description", "what is wrong, where, and what would be right");
        problem.putObject("content")
                .putObject(ProblemJson.MEDIA_TYPE)
                .putObject("schema")
                .put("$ref", "#/components/schemas/Problem");
    }

    private static boolean hasBody(Operation<?, ?, ?> it) {
        return Arrays.stream(it.request().getRecordComponents())
                .anyMatch(component -> !RequestReader.isInPath(it, RequestReader.snake(component.getName())));
    }

    private static boolean isRequired(Class<?> type) {
        return type != Optional.class && !Collection.class.isAssignableFrom(type) && !Map.class.isAssignableFrom(type);
    }

    private static Type present(Type type) {
        return type instanceof ParameterizedType parameterized && parameterized.getRawType() == Optional.class
                ? parameterized.getActualTypeArguments()[0]
                : type;
    }

    /** What is one value in JSON though it is a class in Java: instants, durations, and the house's names and digests. */
    private static Optional<ObjectNode> scalar(Class<?> type) {
        if (type == Instant.class) {
            return Optional.of(text().put("format", "date-time"));
        }
        if (type == Duration.class) {
            return Optional.of(text().put("format", "duration"));
        }
        boolean isOneText = !type.isEnum()
                && Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredFields()))
                        .map(AnnotatedElement.class::cast)
                        .anyMatch(member -> member.isAnnotationPresent(JsonValue.class));
        return isOneText ? Optional.of(text()) : Optional.empty();
    }

    private static ObjectNode text() {
        return Json.MAPPER.createObjectNode().put("type", "string");
    }

    private static ObjectNode problem() {
        ObjectNode schema = Json.MAPPER.createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (String name : new String[] {"type", "title", "detail", "field", "request_id"}) {
            properties.putObject(name).put("type", "string");
        }
        properties.putObject("status").put("type", "integer");
        schema.putArray("required").add("type").add("title").add("status").add("detail");
        return schema;
    }
}
