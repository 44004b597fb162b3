package org.plimsoll.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.plimsoll.core.Problem;

class DelimitedTextTest {

    @TempDir
    Path folder;

    private DelimitedText open(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("data.csv"), bytes);
        return DelimitedText.open(file, folder.resolve("copy.csv"));
    }

    private DelimitedText open(String text) throws IOException {
        return open(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(chars = {',', ';', '\t', '|'})
    void delimiter_isTheOneThatDividesAllRecordsAlike(char delimiter) throws IOException {
        String text = "name,in;words|x".replaceAll("[,;|\t]", String.valueOf(delimiter)) + "\n"
                + "\"a,b;c|d\t\"" + (delimiter + "2").repeat(3) + "\n"
                + "e" + (delimiter + "3").repeat(3) + "\n";
        DelimitedText found = open(text);
        assertThat(found.delimiter()).isEqualTo(delimiter);
        assertThat(found.names()).containsExactly("name", "in", "words", "x");
    }

    @Test
    void records_inQuotes_holdDelimitersQuotesAndLineBreaks() {
        assertThat(DelimitedText.records("a,b\r\n\"x,\ny\",\"say \"\"so\"\"\"\n\n1,\n", ','))
                .containsExactly(List.of("a", "b"), List.of("x,\ny", "say \"so\""), List.of("1", ""));
    }

    @Test
    void gzip_isUnpacked_andRefusedWhereItIsCutOff() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write("a,b\n1,é\n2,ü\n".repeat(500).getBytes(StandardCharsets.UTF_8));
        }
        DelimitedText whole = open(bytes.toByteArray());
        assertThat(whole.names()).containsExactly("a", "b");
        assertThat(whole.encoding()).contains("gzip, UTF-8");
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 10);
        assertThatThrownBy(() -> open(cut)).isInstanceOf(Problem.class).hasMessageContaining("is it whole?");
    }

    @Test
    void gzip_thatUnpacksToAThousandTimesItsSize_isStopped() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] rows = "1.0,yes\n".repeat(1 << 17).getBytes(StandardCharsets.UTF_8);
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write("a,y\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 300; i++) {
                zip.write(rows);
            }
        }
        assertThatThrownBy(() -> open(bytes.toByteArray()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("unpacks to more than 200 times its size");
    }

    @Test
    void mark_ofBytes_isNoPartOfTheFirstName() throws IOException {
        assertThat(open("\ufeffa,b\n1,2\n").names()).containsExactly("a", "b");
    }

    @Test
    void zeroBytes_andZipFiles_areNoText() {
        assertThatThrownBy(() -> open("a,b\n1,\0\0\n2,3\n")).hasMessageContaining("zero bytes");
        assertThatThrownBy(() -> open("PK\3\4")).hasMessageContaining("Excel");
        assertThatThrownBy(() -> open("PAR1xxxx")).hasMessageContaining("name it .parquet");
    }
}
