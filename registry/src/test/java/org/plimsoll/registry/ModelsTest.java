package org.plimsoll.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.plimsoll.access.Grants;
import org.plimsoll.access.Resource;
import org.plimsoll.access.Role;
import org.plimsoll.core.Actor;
import org.plimsoll.core.ModelName;
import org.plimsoll.core.Problem;
import org.plimsoll.registry.RegistryOperations.ChangeModel;
import org.plimsoll.registry.RegistryOperations.CreateModel;
import org.plimsoll.registry.RegistryOperations.ListModels;
import org.plimsoll.registry.RegistryOperations.ShowModel;
import org.plimsoll.store.Database;
import org.plimsoll.store.Databases;
import org.plimsoll.store.EachDatabase;
import org.plimsoll.store.MovableClock;

@EachDatabase
class ModelsTest {

    private static final ModelName LATE = new ModelName("late-arrival");

    @Parameter
    Databases databases;

    @AutoClose
    Database database;

    @AutoClose
    Team team;

    String ana;
    String ben;
    String mira;

    @BeforeEach
    void open() {
        var clock = new MovableClock();
        database = databases.fresh(clock);
        team = new Team(database, clock, List.of(RegistryOperations.MODELS), List.of(new Models()));
        ana = team.person("ana", Role.DATA_SCIENTIST);
        ben = team.person("ben", Role.VIEWER);
        mira = team.person("mira", Role.VALIDATOR);
    }

    @Test
    void model_created_hasItsPeopleAsGrants() {
        Model model = create(Tier.T3);
        assertThat(model.contacts()).isEqualTo(new Contacts(Optional.of(ben), Optional.of(mira), List.of(mira, ana)));
        assertThat(model.revision()).isEqualTo(1);
        assertThat(database.<List<String>>read(db -> Grants.holders(db, Role.OWNER, Resource.model(LATE))))
                .containsExactlyInAnyOrder(ben, mira);
        assertThat(team.signedIn(ana).perform(new ShowModel(LATE))).isEqualTo(model);
        assertThat(team.signedIn(ben).perform(new ListModels()).models()).containsExactly(model);
        assertThat(types()).contains("model.created");
    }

    /** The call order is the order in which they were named, whatever their ids are. */
    @Test
    void onCall_reordered_isCalledInTheNewOrder() {
        create(Tier.T3);
        Model model = change(Optional.empty(), Optional.of(List.of("ana", "mira")), ben);
        assertThat(model.contacts().onCall()).containsExactly(ana, mira);
        assertThat(change(2, Optional.of(List.of("mira", "ana"))).contacts().onCall())
                .containsExactly(mira, ana);
        assertThat(change(3, Optional.of(List.of())).contacts().onCall()).isEmpty();
    }

    @Test
    void owner_replaced_losesTheRole() {
        create(Tier.T3);
        Model model = team.signedIn(mira)
                .perform(new ChangeModel(
                        LATE,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("ana"),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(model.contacts().owner()).contains(ana);
        assertThat(model.contacts().deputy()).contains(mira);
        assertThat(database.<List<String>>read(db -> Grants.holders(db, Role.OWNER, Resource.model(LATE))))
                .doesNotContain(ben);
    }

    /** Authority stands in the grants alone: whoever lost the role is no contact any more. */
    @Test
    void contact_whoseGrantWasTaken_isNone() {
        create(Tier.T3);
        database.write(Actor.SYSTEM, tx -> {
            Grants.take(tx, ben, Role.OWNER, Resource.model(LATE));
            Grants.take(tx, mira, Role.OWNER, Resource.model(LATE));
            return true;
        });
        Contacts contacts = team.signedIn(ana).perform(new ShowModel(LATE)).contacts();
        assertThat(contacts.owner()).isEmpty();
        assertThat(contacts.deputy()).isEmpty();
    }

    @Test
    void tier_lowered_needsAValidator() {
        create(Tier.T2);
        assertThatThrownBy(() -> change(Optional.of(Tier.T3), Optional.empty(), ben))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.DENIED));
        assertThat(types()).contains("denied");
        assertThat(change(Optional.of(Tier.T1), Optional.empty(), ben).tier()).isEqualTo(Tier.T1);
    }

    @Test
    void tier_loweredByAValidator_isLower() {
        create(Tier.T2);
        Model model = change(Optional.of(Tier.T4), Optional.empty(), mira);
        assertThat(model.tier()).isEqualTo(Tier.T4);
        assertThat(model.revision()).isEqualTo(2);
    }

    @Test
    void change_ofAnOlderRevision_isAConflict() {
        create(Tier.T3);
        change(Optional.of(Tier.T2), Optional.empty(), ben);
        assertThatThrownBy(() -> change(Optional.of(Tier.T1), Optional.empty(), ben))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.CONFLICT))
                .hasMessageContaining("revision 2, not 1");
    }

    @Test
    void name_takenOrPeopleUnknown_changesNothing() {
        create(Tier.T3);
        assertThatThrownBy(() -> create(Tier.T3)).hasMessageContaining("already");
        ModelName other = new ModelName("other");
        assertThatThrownBy(() -> team.signedIn(ana)
                        .perform(new CreateModel(
                                other, Tier.T3, "another", Optional.of("nobody"), Optional.empty(), List.of())))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> team.signedIn(ana).perform(new ShowModel(other)))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.kind()).isEqualTo(Problem.Kind.NOT_FOUND));
    }

    private Model create(Tier tier) {
        return team.signedIn(ana)
                .perform(new CreateModel(
                        LATE,
                        tier,
                        "Will the flight be late?",
                        Optional.of("ben"),
                        Optional.of("mira"),
                        List.of("mira", "ana")));
    }

    private Model change(Optional<Tier> tier, Optional<List<String>> onCall, String by) {
        return team.signedIn(by)
                .perform(new ChangeModel(LATE, 1, tier, Optional.empty(), Optional.empty(), Optional.empty(), onCall));
    }

    private Model change(long revision, Optional<List<String>> onCall) {
        return team.signedIn(ben)
                .perform(new ChangeModel(
                        LATE,
                        revision,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        onCall));
    }

    private List<String> types() {
        return database.read(db -> db.sql()
                .createQuery("SELECT type FROM event")
                .mapTo(String.class)
                .list());
    }
}
