package org.plimsoll.reports;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Sends each message as a mail, to the people who are paged and have an address, and to those who always get it. {@code Message-ID}
 * is made of the message's id, so that a mail tried again is the same mail to whoever sorts it.
 */
final class SmtpChannel implements Channel {

    private static final String PATIENCE_MILLIS = "10000";

    private final ChannelConfig config;
    private final Map<String, String> environment;

    SmtpChannel(ChannelConfig config, Map<String, String> environment) {
        this.config = config;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public void send(Message message) throws IOException {
        Set<String> to = new LinkedHashSet<>(message.addresses());
        to.addAll(config.to());
        if (to.isEmpty()) {
            throw new IOException(
                    "nobody who is paged has a mail address, and channel " + config.name() + " has no `to`");
        }
        Session session = Session.getInstance(properties());
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage mail = mail(session, message, to);
            if (config.user().isPresent()) {
                String password = config.password().orElseThrow().resolve(environment);
                transport.connect(
                        config.host().orElseThrow(),
                        config.portOrUsual(),
                        config.user().get(),
                        password);
            } else {
                transport.connect(config.host().orElseThrow(), config.portOrUsual(), null, null);
            }
            transport.sendMessage(mail, mail.getAllRecipients());
        } catch (MessagingException e) {
            throw new IOException("the mail server did not take it: " + e.getMessage(), e);
        }
    }

    private Properties properties() {
        Properties it = new Properties();
        it.setProperty("mail.smtp.connectiontimeout", PATIENCE_MILLIS);
        it.setProperty("mail.smtp.timeout", PATIENCE_MILLIS);
        it.setProperty("mail.smtp.writetimeout", PATIENCE_MILLIS);
        it.setProperty("mail.smtp.auth", String.valueOf(config.user().isPresent()));
        it.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        switch (config.security().orElse(ChannelConfig.Security.STARTTLS)) {
            case STARTTLS -> {
                it.setProperty("mail.smtp.starttls.enable", "true");
                it.setProperty("mail.smtp.starttls.required", "true");
            }
            case TLS -> it.setProperty("mail.smtp.ssl.enable", "true");
            case NONE -> {}
        }
        return it;
    }

    private MimeMessage mail(Session session, Message message, Set<String> to) throws MessagingException {
        String from = config.from().orElseThrow();
        var mail = new Identified(session, "<" + message.id() + from.substring(from.indexOf('@')) + ">");
        mail.setFrom(new InternetAddress(from));
        for (String address : to) {
            mail.addRecipient(jakarta.mail.Message.RecipientType.TO, new InternetAddress(address));
        }
        mail.setSubject(message.title(), StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(message.at()));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office replies
        mail.setText(message.body(), StandardCharsets.UTF_8.name());
        return mail;
    }

    /** A mail that keeps the id it was given. */
    private static final class Identified extends MimeMessage {
        private final String id;

        Identified(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
