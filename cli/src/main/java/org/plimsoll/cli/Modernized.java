package org.plimsoll.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * A library whose class files are from before Java 6, written anew as of Java 17. The JVM keeps no older class in an AOT cache, because it
 * verifies them in another way: each start would read and verify them again, a third of what a command takes. The code stays the
 * same; what is added tells the verifier the types at each jump.
 */
final class Modernized {

    private static final int OLDEST = ClassFile.JAVA_6_VERSION;

    private Modernized() {}

    /** Writes the jar anew; everything but old class files stays as it is. */
    static void write(Path jar, Path output) throws IOException {
        ClassFile classes = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(Modernized.class.getClassLoader())
                                .orElse(ClassHierarchyResolver.defaultResolver())));
        try (JarFile old = new JarFile(jar.toFile());
                JarOutputStream fresh = new JarOutputStream(Files.newOutputStream(output))) {
            for (JarEntry entry : old.stream().toList()) {
                fresh.putNextEntry(new JarEntry(entry.getName()));
                try (InputStream in = old.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    fresh.write(entry.getName().endsWith(".class") ? modern(classes, bytes) : bytes);
                }
            }
        }
    }

    private static byte[] modern(ClassFile classes, byte[] bytes) {
        ClassModel old = classes.parse(bytes);
        if (old.majorVersion() >= OLDEST) {
            return bytes;
        }
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_17_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        return classes.transformClass(
                old, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }
}
