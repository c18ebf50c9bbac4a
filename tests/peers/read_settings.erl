%% Has ejabberd's own reader read settings that were written for it, and prints the strings in each, in hexadecimal, in their
%% order. What is not quoted comes as an atom or a number.
%%
%%     escript read_settings.erl FILE...
-module(read_settings).
-mode(compile).

main(Files) ->
    [io:format("~s~n", [lists:join(" ", [[$x, binary:encode_hex(String)] || String <- strings(read(File))])]) || File <- Files].

read(File) ->
    {ok, Said} = fast_yaml:decode_from_file(File, [plain_as_atom]),
    Said.

strings(String) when is_binary(String) -> [String];
strings({Key, Value}) -> strings(Key) ++ strings(Value);
strings(List) when is_list(List) -> lists:flatmap(fun strings/1, List);
strings(_) -> [].
