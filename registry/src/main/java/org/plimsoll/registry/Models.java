package org.plimsoll.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.plimsoll.access.Grant;
import org.plimsoll.access.Grants;
import org.plimsoll.access.Principal;
import org.plimsoll.access.Principals;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Resources;
import org.plimsoll.access.Role;
import org.plimsoll.core.Json;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.registry.RegistryOperations.ChangeModel;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.ListModels;
import org.plimsoll.registry.RegistryOperations.ModelList;
import org.plimsoll.registry.RegistryOperations.ShowModel;
import org.plimsoll.store.Reading;
import org.plimsoll.store.Transaction;

/** Keeps the inventory of models and who answers for each. */
public final class Models {

    private record Row(
            ModelName name,
            Tier tier,
            String purpose,
            Optional<String> deputy,
            String callOrder,
            long versions,
            long revision,
            String createdBy,
            Instant createdAt) {}

    private static final String COLUMNS =
            "name, tier, purpose, deputy, call_order, versions, revision, created_by, created_at";

    Model create(Transaction tx, CreateModel request) {
        int created = tx.sql()
                .createUpdate("""
                        INSERT INTO model (name, tier, purpose, deputy, call_order, versions, revision, created_by, created_at)
                        VALUES (:name, :tier, :purpose, NULL, '[]', 0, 1, :by, :now)
                        ON CONFLICT (name) DO NOTHING""")
                .bind("name", request.name())
                .bind("tier", request.tier().name())
                .bind("purpose", request.purpose())
                .bind("by", tx.actor().principal())
                .bind("now", tx.now())
                .execute();
        if (created == 0) {
            throw Problem.of(Problem.Kind.CONFLICT, "there is a model " + request.name() + " already");
        }
        Resources.add(tx, Resource.model(request.name()), Resource.ORGANISATION);
        request.owner().ifPresent(owner -> Grants.give(tx, person(tx, owner), Role.OWNER, on(request.name())));
        request.deputy().ifPresent(deputy -> nameDeputy(tx, request.name(), deputy));
        callInOrder(tx, request.name(), request.onCall());
        Model model = get(tx, request.name());
        tx.append("model.created", subject(model.name()), model);
        return model;
    }

    Model change(Transaction tx, ChangeModel request) {
        Model before = get(tx, request.model());
        Tier tier = request.tier().orElse(before.tier());
        if (before.tier().isGraverThan(tier)
                && !Grants.roles(tx, tx.actor().principal(), on(request.model()))
                        .contains(Role.VALIDATOR)) {
            throw Problem.of(
                    Problem.Kind.DENIED,
                    "only a validator lowers the tier of " + request.model() + " from " + before.tier() + " to "
                            + tier);
        }
        int changed = tx.sql()
                .createUpdate("""
                        UPDATE model SET tier = :tier, purpose = :purpose, revision = revision + 1
                        WHERE name = :name AND revision = :revision""")
                .bind("tier", tier.name())
                .bind("purpose", request.purpose().orElse(before.purpose()))
                .bind("name", request.model())
                .bind("revision", request.revision())
                .execute();
        if (changed == 0) {
            throw Problem.of(
                    Problem.Kind.CONFLICT,
                    request.model() + " is at revision " + before.revision() + ", not " + request.revision()
                            + "; look at it again");
        }
        request.owner().ifPresent(owner -> replaceOwner(tx, before, owner));
        request.deputy().ifPresent(deputy -> nameDeputy(tx, request.model(), deputy));
        request.onCall().ifPresent(people -> callInOrder(tx, request.model(), people));
        Model after = get(tx, request.model());
        tx.append("model.changed", subject(after.name()), after);
        return after;
    }

    ModelList list(Reading db, ListModels request) {
        return new ModelList(all(db));
    }

    Model show(Reading db, ShowModel request) {
        return get(db, request.model());
    }

    /** The model. @throws Problem NOT_FOUND */
    public Model get(Reading db, ModelName name) {
        return db.sql()
                .createQuery("SELECT " + COLUMNS + " FROM model WHERE name = :name")
                .bind("name", name)
                .mapTo(Row.class)
                .findOne()
                .map(row -> withContacts(db, row))
                .orElseThrow(() -> Problem.notFound("model", name));
    }

    /** All models by name. */
    public List<Model> all(Reading db) {
        return db.sql().createQuery("SELECT " + COLUMNS + " FROM model ORDER BY name").mapTo(Row.class).list().stream()
                .map(row -> withContacts(db, row))
                .toList();
    }

    /** The next number of a version of this model; a number is never given twice. */
    long nextNumber(Transaction tx, ModelName name) {
        return tx.sql()
                .createQuery("UPDATE model SET versions = versions + 1 WHERE name = :name RETURNING versions")
                .bind("name", name)
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(() -> Problem.notFound("model", name));
    }

    private static Model withContacts(Reading db, Row row) {
        List<String> owners = new ArrayList<>();
        List<String> onCall = new ArrayList<>();
        for (Grant grant : Grants.on(db, on(row.name()))) {
            if (!Principals.find(db, grant.principal()).isActive()) {
                continue; // somebody who left answers for nothing
            }
            if (grant.role() == Role.OWNER) {
                owners.add(grant.principal());
            } else if (grant.role() == Role.ON_CALL) {
                onCall.add(grant.principal());
            }
        }
        Optional<String> deputy = row.deputy().filter(owners::contains);
        Optional<String> owner = owners.stream()
                .filter(principal -> !principal.equals(deputy.orElse("")))
                .findFirst();
        List<String> order = List.of(Json.read(row.callOrder(), String[].class));
        onCall.sort(Comparator.comparingInt(principal -> place(order, principal)));
        return new Model(
                row.name(),
                row.tier(),
                row.purpose(),
                new Contacts(owner, deputy, onCall),
                row.versions(),
                row.revision(),
                row.createdBy(),
                row.createdAt());
    }

    /** Somebody who was granted ON_CALL without a place is called last. */
    private static int place(List<String> order, String principal) {
        int place = order.indexOf(principal);
        return place < 0 ? order.size() : place;
    }

    private static void replaceOwner(Transaction tx, Model model, String owner) {
        String next = person(tx, owner);
        model.contacts()
                .owner()
                .filter(previous -> !previous.equals(next))
                .ifPresent(previous -> Grants.take(tx, previous, Role.OWNER, on(model.name())));
        Grants.give(tx, next, Role.OWNER, on(model.name()));
    }

    private void nameDeputy(Transaction tx, ModelName model, String deputy) {
        String next = person(tx, deputy);
        Contacts now = get(tx, model).contacts();
        if (now.owner().equals(Optional.of(next))) {
            throw Problem.invalid("deputy", deputy, "somebody other than the owner");
        }
        now.deputy()
                .filter(previous -> !previous.equals(next))
                .ifPresent(previous -> Grants.take(tx, previous, Role.OWNER, on(model)));
        Grants.give(tx, next, Role.OWNER, on(model));
        tx.sql()
                .createUpdate("UPDATE model SET deputy = :deputy WHERE name = :name")
                .bind("deputy", next)
                .bind("name", model)
                .execute();
    }

    private void callInOrder(Transaction tx, ModelName model, List<String> people) {
        List<String> next =
                people.stream().map(who -> person(tx, who)).distinct().toList();
        for (String principal : get(tx, model).contacts().onCall()) {
            if (!next.contains(principal)) {
                Grants.take(tx, principal, Role.ON_CALL, on(model));
            }
        }
        next.forEach(principal -> Grants.give(tx, principal, Role.ON_CALL, on(model)));
        tx.sql()
                .createUpdate("UPDATE model SET call_order = :order WHERE name = :name")
                .bind("order", Json.text(next))
                .bind("name", model)
                .execute();
    }

    private static String person(Reading db, String loginOrId) {
        Principal principal = Principals.find(db, loginOrId);
        if (principal.kind() != Principal.Kind.PERSON) {
            throw Problem.invalid("contact", loginOrId, "a person; " + loginOrId + " is a program");
        }
        return principal.id();
    }

    private static Resource on(ModelName model) {
        return Resource.model(model);
    }

    private static String subject(ModelName model) {
        return "model/" + model;
    }
}
