package org.plimsoll.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tests of this class run on SQLite and on PostgreSQL.
 *
 * <pre>
 *   &#64;EachDatabase
 *   class RunsTest {
 *       &#64;Parameter Databases databases;
 *       &#64;AutoClose Database database;
 *
 *       &#64;BeforeEach void open() { database = databases.fresh(clock); }
 * </pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@EnumSource(Databases.class)
public @interface EachDatabase {}
