package thaw;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a thawed server is started with: texts, each ended by a NUL. They are the version "1", the working directory, the number
 * of arguments, these, the number of variables, and these as NAME=VALUE.
 */
final class Request {
  private static final String VERSION = "1";

  final String workingDirectory;
  final List<String> arguments;
  /** As bytes: a variable need not be UTF-8. */
  final List<byte[]> variables;

  private Request(String workingDirectory, List<String> arguments, List<byte[]> variables) {
    this.workingDirectory = workingDirectory;
    this.arguments = arguments;
    this.variables = variables;
  }

  /** The request that changes nothing. */
  static Request ofNow() {
    List<byte[]> variables = new ArrayList<>();
    for (Map.Entry<String, String> entry : System.getenv().entrySet()) {
      variables.add((entry.getKey() + "=" + entry.getValue()).getBytes());
    }
    return new Request(System.getProperty("user.dir"), new ArrayList<>(), variables);
  }

  String[] argumentsBehind(String[] fixedWords) {
    String[] all = Arrays.copyOf(fixedWords, fixedWords.length + arguments.size());
    for (int index = 0; index < arguments.size(); index++) {
      all[fixedWords.length + index] = arguments.get(index);
    }
    return all;
  }

  byte[] bytes() {
    List<byte[]> texts = new ArrayList<>();
    texts.add(VERSION.getBytes(StandardCharsets.UTF_8));
    texts.add(workingDirectory.getBytes(StandardCharsets.UTF_8));
    texts.add(Integer.toString(arguments.size()).getBytes(StandardCharsets.UTF_8));
    for (String argument : arguments) {
      texts.add(argument.getBytes(StandardCharsets.UTF_8));
    }
    texts.add(Integer.toString(variables.size()).getBytes(StandardCharsets.UTF_8));
    texts.addAll(variables);
    return Texts.join(texts);
  }

  static Request parse(byte[] bytes, String source) throws Refusal {
    Texts texts = new Texts(bytes, source);
    String version = texts.next("the version");
    if (!version.equals(VERSION)) {
      throw new Refusal(source + " is of version " + version + ", this launcher reads " + VERSION);
    }
    String workingDirectory = texts.next("the working directory");
    List<String> arguments = new ArrayList<>();
    for (int left = texts.nextCount("the number of arguments"); left > 0; left--) {
      arguments.add(texts.next("an argument"));
    }
    List<byte[]> variables = new ArrayList<>();
    for (int left = texts.nextCount("the number of variables"); left > 0; left--) {
      byte[] variable = texts.nextBytes("a variable");
      if (Environment.sign(variable) < 0) {
        throw new Refusal(source + ": expected NAME=VALUE, found \"" + new String(variable, StandardCharsets.UTF_8) + "\"");
      }
      variables.add(variable);
    }
    texts.expectEnd();
    return new Request(workingDirectory, arguments, variables);
  }
}
