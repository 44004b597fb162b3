package org.plimsoll.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plimsoll.core.Problem;

/** The formats against published examples. */
class NotesTest {

    /** c2sp.org/signed-note, its example and key. */
    private static final String EXAMPLE = """
            This is an example message.

            \u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
            """;

    private static final String EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    /** Go, golang.org/x/mod/sumdb/note: note_test.go; Ed25519 signatures have one right answer. */
    private static final String GO_SECRET =
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    private static final String GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String GO_TEXT = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.
            """;
    private static final String GO_NOTE = GO_TEXT
            + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    @TempDir
    Path folder;

    @Test
    void note_publishedExample_isSignedAndNoChangeOfItIs() {
        VerifierKey key = VerifierKey.parse(EXAMPLE_KEY);
        assertThat(SignedNote.parse(EXAMPLE).isSignedBy(key)).isTrue();
        assertThat(SignedNote.parse(EXAMPLE).format()).isEqualTo(EXAMPLE);
        assertThat(key).hasToString(EXAMPLE_KEY);
        assertThat(SignedNote.parse(EXAMPLE.replace("example message", "exbmple message"))
                        .isSignedBy(key))
                .isFalse();
        assertThat(SignedNote.parse(EXAMPLE).isSignedBy(VerifierKey.parse(GO_KEY)))
                .isFalse();
    }

    @Test
    void sign_goNotesExample_givesTheSameNote() {
        AuditKey key = AuditKey.parse(GO_SECRET, GO_KEY);
        assertThat(key.sign(GO_TEXT).format()).isEqualTo(GO_NOTE);
        assertThat(SignedNote.parse(GO_NOTE).isSignedBy(VerifierKey.parse(GO_KEY)))
                .isTrue();
    }

    @Test
    void note_moreSignatures_unknownOnesAreIgnoredAndAWrongKnownOneSpoilsIt() {
        VerifierKey key = VerifierKey.parse(GO_KEY);
        String other = EXAMPLE.substring(EXAMPLE.indexOf('\u2014'));
        assertThat(SignedNote.parse(GO_NOTE + other).isSignedBy(key)).isTrue();
        String wrong = GO_NOTE.substring(GO_NOTE.indexOf('\u2014')).replace("x08go/ZJ", "x08go/ZK");
        assertThat(SignedNote.parse(GO_NOTE + wrong).isSignedBy(key)).isFalse();
    }

    @Test
    void parse_notANote_saysWhatIsNeeded() {
        for (String text : new String[] {
            "", "text\n", "text\n\nno dash\n", "text\n\n\u2014 name notbase64!\n", "a\tb\n\n" + GO_NOTE
        }) {
            assertThatThrownBy(() -> SignedNote.parse(text)).as(text).isInstanceOf(Problem.class);
        }
        for (String key : new String[] {"", "a+b+c", EXAMPLE_KEY.replace("530d903a", "530d903b"), GO_SECRET}) {
            assertThatThrownBy(() -> VerifierKey.parse(key)).as(key).isInstanceOf(Problem.class);
        }
    }

    @Test
    void checkpoint_publishedExample_isRead() {
        // c2sp.org/tlog-checkpoint, its example; its key is not published
        Checkpoint checkpoint = Checkpoint.parse("""
                example.com/behind-the-sofa
                20852163
                CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

                \u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
                """);
        assertThat(checkpoint.origin()).isEqualTo("example.com/behind-the-sofa");
        assertThat(checkpoint.size()).isEqualTo(20852163);
        for (String size : new String[] {"020", "-1", "1e3", ""}) {
            assertThatThrownBy(() -> Checkpoint.parse(checkpoint.note().replace("20852163", size)))
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void key_madeAndLoaded_isTheSameAndForItsOwnerOnly() throws Exception {
        AuditKey made = AuditKey.loadOrCreate(folder.resolve("keys"));
        AuditKey loaded = AuditKey.loadOrCreate(folder.resolve("keys"));
        assertThat(loaded.verifier()).hasToString(made.verifier().toString());
        assertThat(loaded.sign("text\n").format()).isEqualTo(made.sign("text\n").format());
        Path secret = folder.resolve("keys/audit.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(made.toString()).doesNotContain("PRIVATE");

        Files.writeString(secret, Files.readString(secret).replace("+A", "+B"));
        assertThatThrownBy(() -> AuditKey.loadOrCreate(folder.resolve("keys"))).isInstanceOf(Problem.class);
    }
}
