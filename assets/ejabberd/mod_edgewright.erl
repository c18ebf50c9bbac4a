%% Edgewright's settings for each federation partner, enforced inside ejabberd.
%%
%% ejabberd skips a hook that fails, and a hook whose patterns match nothing is no hook. So nothing in here depends on a record
%% of the XMPP library: packets are taken apart by its functions and, where there is none, as the XML they encode to. Every
%% hook refuses when it fails. When the module starts it tries all it relies on; where that does not come out as it should, it
%% closes the federation of its host, and ejabberd goes on without.
%%
%% The configuration beneath stays strict (`s2s_use_starttls: required`, `s2s_access` with the partners alone): without this
%% module more is refused, not less. A partner that may come in clear is lent a stream of its own, see `stand_in`.
-module(mod_edgewright).
-behaviour(gen_mod).

-export([start/2, stop/1, reload/3, pre_uninstall/0, depends/2, mod_options/1, mod_opt_type/1, mod_doc/0]).
-export([shut/3, allow_host/3, in_init/2, in_packet/2, in_auth/3, receive_packet/1, out_init/2, out_verify/2, out_downgraded/2,
         out_auth/2, send_packet/1, user_packet/1, subscription/2]).
-export([started/1, tls/2, mechanisms/2, look/5]).
-export([state/1, streams/0, drop/1, drop_all/1]).

-include("ejabberd_commands.hrl").

-define(INTERFACE, 1).
-define(IN, mod_edgewright_in).
-define(OUT, mod_edgewright_out).
-define(REASON, <<"Not what was agreed on with this domain">>).

%%% Life

%% Never fails: at boot that would stop the whole server, and at a reload leave the host without the module.
start(Host, Opts) ->
    register(),
    take(Host, Opts).

reload(Host, Opts, _) ->
    take(Host, Opts).

%% Named in the configuration still, the module is being exchanged: nobody comes or stays until the next one is there. What
%% closes the door is in a module that is not exchanged.
stop(Host) ->
    Exchanged = try lists:keymember(?MODULE, 1, ejabberd_option:modules(Host)) catch _:_ -> false end,
    [ejabberd_hooks:add(s2s_allow_host, Host, ?IN, shut, 1) || Exchanged, code:is_loaded(?IN) /= false],
    [visit_or_stop(Host, all) || Exchanged],
    hooks(delete, Host),
    ejabberd_hooks:delete(s2s_allow_host, Host, ?MODULE, shut, 1),
    [ejabberd_hooks:delete(s2s_send_packet, Domain, ?MODULE, send_packet, 50) || Domain <- ejabberd_router:get_all_routes()],
    persistent_term:erase({?MODULE, Host}),
    lend(),
    gen_mod:is_loaded_elsewhere(Host, ?MODULE) orelse ejabberd_commands:unregister_commands(commands()),
    ok.

%% ejabberd takes the code away before its folder. Whoever calls it in between would have it loaded again, and an upgrade would
%% leave the old one running.
pre_uninstall() ->
    code:del_path(filename:dirname(code:which(?MODULE))).

depends(_, _) -> [].
mod_doc() -> #{}.
mod_options(_) -> [{interface, 0}, {refuse_unlisted, true}, {partners, []}].

%% What is wrong closes the host's federation (see `policy`); it must not keep ejabberd from starting.
mod_opt_type(_) -> econf:any().

take(Host, Opts) ->
    [persistent_term:erase({?MODULE, failed, Hook}) || {_, Hook, _} <- hooks()],
    try
        Policy = policy(Opts),
        stand_in(?IN, ejabberd_s2s_in, [{sasl_mechanisms, 2}, {handle_stream_start, 2}]),
        stand_in(?OUT, ejabberd_s2s_out, [{sasl_mechanisms, 1}]),
        ok = try_all(),
        persistent_term:put({?MODULE, Host}, Policy),
        hooks(add, Host),
        [ejabberd_hooks:delete(s2s_allow_host, Host, Module, shut, 1) || Module <- [?MODULE, ?IN]],
        lend(),
        logger:notice("Edgewright: federation of ~ts follows the settings of ~b partners",
                      [Host, maps:size(maps:get(partners, Policy))]),
        visit_or_stop(Host, refused)
    catch
        Class:Reason:Stack ->
            ejabberd_hooks:add(s2s_allow_host, Host, ?MODULE, shut, 1),
            persistent_term:put({?MODULE, Host}, #{closed => Reason}),
            hooks(delete, Host),
            lend(),
            logger:critical("Edgewright: federation of ~ts is closed both ways, everything else goes on: ~0p",
                            [Host, {Class, Reason, Stack}]),
            visit_or_stop(Host, all)
    end,
    ok.

hooks() ->
    [{s2s_allow_host, allow_host, 10},
     {s2s_in_unauthenticated_packet, in_packet, 40}, {s2s_in_authenticated_packet, in_packet, 40},
     {s2s_in_auth_result, in_auth, 40}, {s2s_receive_packet, receive_packet, 10},
     {s2s_out_init, out_init, 60}, {s2s_out_tls_verify, out_verify, 60}, {s2s_out_downgraded, out_downgraded, 40},
     {s2s_out_auth_result, out_auth, 40}, {s2s_send_packet, send_packet, 50},
     {sm_receive_packet, user_packet, 10}, {roster_in_subscription, subscription, 60}].

hooks(Do, Host) ->
    [ejabberd_hooks:Do(Hook, Host, ?MODULE, Function, Order) || {Hook, Function, Order} <- hooks()].

%% Before the host is known an inbound stream belongs to all, so this hook is there only while somebody needs it.
lend() ->
    Needed = lists:any(fun(Host) -> lists:any(fun lent/1, maps:values(partners(Host))) end, ejabberd_option:hosts()),
    Do = case Needed of true -> add; false -> delete end,
    ejabberd_hooks:Do(s2s_in_init, ?MODULE, in_init, 90).

%% Refuses when the decision fails, and says so once. Only refusing a stream can fail in turn; that stream's process ends then.
guarded(Hook, Decide, Refuse) ->
    try Decide()
    catch
        Class:Reason:Stack ->
            Key = {?MODULE, failed, Hook},
            case persistent_term:get(Key, false) of
                true -> ok;
                false ->
                    persistent_term:put(Key, true),
                    logger:critical("Edgewright: ~ts failed and refuses from now on what it fails at: ~0p",
                                    [Hook, {Class, Reason, Stack}])
            end,
            try Refuse() catch _:_ -> exit(self(), kill) end
    end.

%%% Policy

%% The settings as they are in force: everything spelt out, or an error.
policy(#{interface := ?INTERFACE, refuse_unlisted := Refuse, partners := Partners}) when is_boolean(Refuse) ->
    % Where this cannot be told, federation is closed.
    [<<"xn--mnchen-3ya.example">> = a_label(<<"m\303\274nchen.example">>) || {Name, _} <- Partners, has_a_label(text(Name))],
    #{refuse_unlisted => Refuse, partners => maps:from_list([partner(Partner) || Partner <- Partners])};
policy(#{interface := ?INTERFACE}) -> error(settings_not_understood);
policy(#{interface := Other}) -> error({settings_for_another_interface, Other}).

has_a_label(Name) -> binary:match(Name, <<"xn--">>) /= nomatch.

partner({Name, Settings}) ->
    Domain = jid:nameprep(text(Name)),
    true = is_binary(Domain) andalso Domain /= <<>>,
    [{dialback, Dialback}, {sasl, Sasl}, {tls, Tls}, {type, Type}] =
        lists:sort([{binary_to_existing_atom(text(Key), utf8), text(Value)} || {Key, Value} <- Settings]),
    {Domain, {one_of(Type, [<<"federated">>, <<"public-verified">>, <<"public-unverified">>]),
              one_of(Tls, uses()), one_of(Sasl, uses()), one_of(Dialback, [<<"true">>, <<"false">>]) == <<"true">>}}.

uses() -> [<<"required">>, <<"optional">>, <<"not-supported">>].

one_of(Value, Values) ->
    case lists:member(Value, Values) of
        true -> Value;
        false -> error({not_one_of, Value, Values})
    end.

%% What is not quoted in the configuration comes as an atom.
text(Value) when is_atom(Value) -> atom_to_binary(Value, utf8);
text(Value) when is_binary(Value) -> Value.

partners(Host) ->
    maps:get(partners, persistent_term:get({?MODULE, Host}, #{}), #{}).

%% What the settings of a partner let happen; required means required.
ways({_, Tls, Sasl, Dialback}) ->
    [external || Tls /= <<"not-supported">>, Sasl /= <<"not-supported">>]
        ++ [dialback_tls || Dialback, Tls /= <<"not-supported">>, Sasl /= <<"required">>]
        ++ [dialback_clear || Dialback, Tls /= <<"required">>, Sasl /= <<"required">>].

%% The partner of that name, or what is done with everybody else. An error where the host is none of ours.
known(Host, Domain) ->
    #{partners := Partners, refuse_unlisted := Refuse} = persistent_term:get({?MODULE, Host}),
    case maps:get(a_label(Domain), Partners, none) of
        none when Refuse -> refused;
        none -> stock;
        Partner -> Partner
    end.

partner_of(Host, Domain) -> maps:get(a_label(Domain), partners(Host), none).

%% The settings have A-labels; ejabberd keeps a domain as the other side writes it (RFC 7622 3.2).
a_label(Domain) ->
    case << <<Byte>> || <<Byte>> <= Domain, Byte > 127 >> of
        <<>> -> Domain;
        _ -> list_to_binary(idna:utf8_to_ascii(Domain))
    end.

allows(Host, Domain, Method, Encrypted) ->
    case known(Host, Domain) of
        refused -> false;
        % On a stream that was lent to another domain, what the configuration says goes on for this one.
        stock -> Encrypted orelse not ejabberd_s2s:tls_required(Host);
        Partner -> lists:member(way(Method, Encrypted), ways(Partner))
    end.

way(external, true) -> external;
way(dialback, true) -> dialback_tls;
way(dialback, false) -> dialback_clear;
way(_, _) -> none.

%% A partner ejabberd's own streams are too strict or not strict enough for.
lent(Partner) ->
    Ways = ways(Partner),
    Ways /= [] andalso (lists:member(dialback_clear, Ways) orelse not lists:member(external, Ways)).

shut(_, _, _) -> {stop, deny}.

allow_host(Acc, Host, Domain) ->
    guarded(allow_host,
            fun() ->
                    case known(Host, Domain) of
                        refused -> {stop, deny};
                        stock -> Acc;
                        Partner -> case ways(Partner) of [] -> {stop, deny}; _ -> Acc end
                    end
            end,
            fun() -> {stop, deny} end).

%%% Streams lent

%% ejabberd asks the module of a stream whether TLS is needed, and hands it but the host. So the stream of a partner who may do
%% without is given a module of its own, which answers that for the partner and everything else like ejabberd's. It is made
%% from what ejabberd's exports, whatever version that is. When it fails it is as strict as `required`.
stand_in(Name, Real, Own) ->
    Answered = [{tls_required, 1}, {tls_enabled, 1} | Own],
    Passed = [Export || {F, _} = Export <- Real:module_info(exports), F /= module_info] -- Answered,
    Lines = [io_lib:format("-module(~s).", [Name]),
             io_lib:format("-export([~s]).", [lists:join(", ", [io_lib:format("~p/~b", [F, N])
                                                                || {F, N} <- [{shut, 3} | Answered ++ Passed]])]),
             "shut(_, _, _) -> {stop, deny}.",
             io_lib:format("tls_required(S) -> try ~s:tls(required, S) catch _:_ -> true end.", [?MODULE]),
             io_lib:format("tls_enabled(S) -> try ~s:tls(enabled, S) catch _:_ -> ~s:tls_enabled(S) end.", [?MODULE, Real])
             | [own(Export, Real) || Export <- Own] ++ [passed(Export, Real) || Export <- Passed]],
    {ok, Name, Code} = compile:forms([form(lists:flatten(Line)) || Line <- Lines], []),
    New = beam_lib:md5(Code),
    case code:is_loaded(Name) /= false andalso {ok, {Name, Name:module_info(md5)}} == New of
        true -> ok;
        false ->
            {module, Name} = code:load_binary(Name, "made by mod_edgewright", Code),
            ok
    end.

own({handle_stream_start, 2}, Real) ->
    io_lib:format("handle_stream_start(A, S) -> N = ~s:handle_stream_start(A, S), "
                  "case (try ~s:started(N) catch _:_ -> false end) of true -> N; _ -> N#{mod => ~s} end.", [Real, ?MODULE, Real]);
own({sasl_mechanisms, 2}, _) ->
    io_lib:format("sasl_mechanisms(M, S) -> try ~s:mechanisms(M, S) catch _:_ -> [] end.", [?MODULE]);
own({sasl_mechanisms, 1}, _) ->
    io_lib:format("sasl_mechanisms(S) -> try ~s:mechanisms([<<\"EXTERNAL\">>], S) catch _:_ -> [] end.", [?MODULE]).

passed({Function, Arity}, Real) ->
    Arguments = lists:join(", ", ["A" ++ integer_to_list(N) || N <- lists:seq(1, Arity)]),
    io_lib:format("~p(~s) -> ~s:~p(~s).", [Function, Arguments, Real, Function, Arguments]).

form(Line) ->
    {ok, Tokens, _} = erl_scan:string(Line),
    {ok, Form} = erl_parse:parse_form(Tokens),
    Form.

in_init({ok, #{mod := ejabberd_s2s_in} = Stream}, _) -> {ok, Stream#{mod => ?IN}};
in_init(Acc, _) -> Acc.

%% Whether an inbound stream goes on lent, now that it has said who it is. It may say anything: what it authenticates as is
%% looked at later on.
started(#{server_host := Host, remote_server := Domain}) ->
    case partner_of(Host, Domain) of
        none -> false;
        Partner -> lent(Partner)
    end.

tls(What, #{server_host := Host, remote_server := Domain}) ->
    {_, Tls, _, _} = Partner = partner_of(Host, Domain),
    case What of
        required -> not lists:member(dialback_clear, ways(Partner));
        enabled -> Tls /= <<"not-supported">> andalso ejabberd_s2s:tls_enabled(Host)
    end.

mechanisms(Mechanisms, #{server_host := Host, remote_server := Domain, stream_encrypted := Encrypted}) ->
    Partner = partner_of(Host, Domain),
    [Mechanism || Mechanism <- Mechanisms, Encrypted, lists:member(external, ways(Partner))].

%%% Inbound

%% A request of dialback.
in_packet(Stream, Packet) ->
    guarded(in_packet,
            fun() ->
                    case element(1, Packet) of
                        db_result ->
                            Element = xmpp:encode(Packet),
                            #{server_host := Host, stream_encrypted := Encrypted} = Stream,
                            case attribute(<<"type">>, Element) of
                                none ->
                                    Domain = attribute(<<"from">>, Element),
                                    case allows(Host, Domain, dialback, Encrypted) of
                                        true -> Stream;
                                        false -> {stop, ejabberd_s2s_in:send(Stream, refusal(Element))}
                                    end;
                                _ -> Stream
                            end;
                        _ -> Stream
                    end
            end,
            fun() -> {stop, close(Stream)} end).

refusal(Request) ->
    {xmlel, <<"db:result">>,
     [{<<"from">>, attribute(<<"to">>, Request)}, {<<"to">>, attribute(<<"from">>, Request)}, {<<"type">>, <<"error">>}],
     [{xmlel, <<"error">>, [{<<"type">>, <<"cancel">>}],
       [{xmlel, <<"forbidden">>, [{<<"xmlns">>, <<"urn:ietf:params:xml:ns:xmpp-stanzas">>}], []}]}]}.

%% The last word on who an inbound stream is: nobody gets by here by another way than his settings name.
in_auth(Stream, true, Domain) ->
    guarded(in_auth,
            fun() ->
                    #{server_host := Host, stream_encrypted := Encrypted} = Stream,
                    % Set as long as an answer to SASL is being made.
                    Method = case Stream of #{sasl_mech := <<"EXTERNAL">>} -> external; _ -> dialback end,
                    case allows(Host, Domain, Method, Encrypted) of
                        true -> marked(Stream, Host, Domain, Method, Encrypted);
                        false -> {stop, close(without(Stream, Domain))}
                    end
            end,
            fun() -> {stop, close(without(Stream, Domain))} end);
in_auth(Stream, _, _) -> Stream.

without(#{auth_domains := Domains} = Stream, Domain) -> Stream#{auth_domains => sets:del_element(Domain, Domains)}.

%% How a domain came in is kept with the stream; nothing else tells later.
marked(Stream, Host, Domain, Method, Encrypted) ->
    follow(Stream),
    Marks = maps:get(?MODULE, Stream, #{}),
    case Marks of
        #{{Host, Domain} := _} -> Stream;
        _ -> Stream#{?MODULE => Marks#{{Host, Domain} => {Method, Encrypted}}}
    end.

%% Every stanza of another server, in both kinds of streams. A stream that authenticated to another host of this server, by that
%% host's rules, is not good for this one; nor is one from before the settings were changed.
receive_packet({drop, _} = Acc) -> Acc;
receive_packet({Packet, Stream}) ->
    guarded(receive_packet,
            fun() ->
                    Host = ejabberd_router:host_of_route(domain(xmpp:get_to(Packet))),
                    Domain = domain(xmpp:get_from(Packet)),
                    case known(Host, Domain) of
                        stock -> {Packet, Stream};
                        _ ->
                            #{?MODULE := #{{Host, Domain} := {Method, Encrypted}}} = marks(Stream, Host, Domain),
                            case allows(Host, Domain, Method, Encrypted) of
                                true -> {Packet, Stream};
                                false -> {stop, {drop, close(Stream)}}
                            end
                    end
            end,
            fun() -> {stop, {drop, close(Stream)}} end).

marks(Stream, Host, Domain) ->
    Marks = maps:get(?MODULE, Stream, #{}),
    Stream#{?MODULE => maps:merge(#{{Host, Domain} => {unknown, false}}, Marks)}.

close(#{stream_direction := in} = Stream) -> ejabberd_s2s_in:send(Stream, xmpp:serr_policy_violation(?REASON, <<"en">>));
close(#{stream_direction := out} = Stream) -> ejabberd_s2s_out:send(Stream, xmpp:serr_policy_violation(?REASON, <<"en">>)).

%%% Outbound

%% A stream that is to be none stops by itself: an error here would take down ejabberd's register of streams.
out_init({ok, Stream}, _) ->
    guarded(out_init,
            fun() ->
                    follow(Stream),
                    #{server_host := Host, remote_server := Domain} = Stream,
                    case known(Host, Domain) of
                        stock -> {ok, Stream};
                        refused -> none(Stream);
                        Partner ->
                            Ways = ways(Partner),
                            Dialled = case lists:member(dialback_tls, Ways) orelse lists:member(dialback_clear, Ways) of
                                          true -> Stream;
                                          false -> maps:remove(db_enabled, Stream)
                                      end,
                            {ok, case {lent(Partner), Dialled} of
                                     {true, #{mod := ejabberd_s2s_out}} -> Dialled#{mod => ?OUT};
                                     {false, #{mod := ejabberd_s2s_out}} -> Dialled
                                 end}
                    end
            end,
            fun() -> none(Stream) end);
out_init(Acc, _) -> Acc.

none(Stream) ->
    ejabberd_s2s_out:stop_async(self()),
    {ok, Stream}.

%% ejabberd does not verify whom it dials while dialback is loaded. Where the settings trust no name server, it has to.
out_verify(Acc, Stream) ->
    guarded(out_verify,
            fun() ->
                    #{server_host := Host, remote_server := Domain} = Stream,
                    case known(Host, Domain) of
                        stock -> Acc;
                        refused -> true;
                        Partner -> Acc orelse not lists:member(dialback_tls, ways(Partner))
                    end
            end,
            fun() -> true end).

%% The two places where ejabberd goes over to dialback.
out_downgraded(Stream, _) ->
    guarded(out_downgraded, fun() -> no_dialback(Stream) end, fun() -> {stop, close(Stream)} end).

out_auth(#{db_verify := _} = Stream, _) -> Stream;
out_auth(Stream, true) ->
    guarded(out_auth,
            fun() ->
                    #{server_host := Host, remote_server := Domain,
                      stream_encrypted := Encrypted, stream_authenticated := BySasl} = Stream,
                    Method = case BySasl of true -> external; false -> dialback end,
                    case allows(Host, Domain, Method, Encrypted) of
                        true -> marked(Stream, Host, Domain, Method, Encrypted);
                        false -> {stop, close(Stream)}
                    end
            end,
            fun() -> {stop, close(Stream)} end);
out_auth(Stream, _) ->
    guarded(out_auth, fun() -> no_dialback(Stream) end, fun() -> {stop, close(Stream)} end).

no_dialback(#{db_verify := _} = Stream) -> Stream;
no_dialback(#{server_host := Host, remote_server := Domain, stream_encrypted := Encrypted} = Stream) ->
    case allows(Host, Domain, dialback, Encrypted) of
        true -> Stream;
        false -> maps:remove(db_enabled, Stream)
    end.

%% Rooms and other parts of a host send under names of their own, for which the hook has to stand as well.
follow(#{server := Server, server_host := Host}) when Server /= Host ->
    ejabberd_hooks:add(s2s_send_packet, Server, ?MODULE, send_packet, 50);
follow(_) -> ok.

%%% Types of partners

%% The note of a status is for partners of type federated.
send_packet(Packet) ->
    guarded(send_packet,
            fun() ->
                    Host = ejabberd_router:host_of_route(domain(xmpp:get_from(Packet))),
                    case element(1, Packet) == presence andalso known(Host, domain(xmpp:get_to(Packet))) of
                        refused -> {stop, drop};
                        {Type, _, _, _} when Type /= <<"federated">> -> without_note(Packet);
                        _ -> Packet
                    end
            end,
            fun() -> {stop, drop} end).

without_note(Packet) ->
    {xmlel, Name, Attributes, Children} = xmpp:encode(Packet),
    case [Child || Child <- Children, not is_note(Child)] of
        Children -> Packet;
        Kept -> xmpp:decode({xmlel, Name, Attributes, Kept}, <<"jabber:client">>, [ignore_els])
    end.

is_note({xmlel, <<"status">>, _, _}) -> true;
is_note(_) -> false.

%% What comes for a user. Answers and errors belong to what the user asked or sent, and are let through.
user_packet(Packet) ->
    guarded(user_packet,
            fun() ->
                    From = xmpp:get_from(Packet),
                    {User, Host, _} = jid:tolower(xmpp:get_to(Packet)),
                    Kind = {element(1, Packet), xmpp:get_type(Packet)},
                    Domain = domain(From),
                    case is_answer(Kind) orelse known(Host, Domain) of
                        {<<"public-unverified">>, _, _, _} ->
                            case is_contact(User, Host, From) of
                                true -> Packet;
                                false -> turn_away(Kind, Packet)
                            end;
                        refused ->
                            case ejabberd_router:is_my_route(Domain) of
                                true -> Packet;
                                false -> {stop, drop}
                            end;
                        _ -> Packet
                    end
            end,
            % Users of this server go on talking among themselves.
            fun() ->
                    try ejabberd_router:is_my_route(domain(xmpp:get_from(Packet))) of
                        true -> Packet;
                        false -> {stop, drop}
                    catch
                        _:_ -> {stop, drop}
                    end
            end).

is_answer({_, error}) -> true;
is_answer({iq, result}) -> true;
is_answer({presence, Type}) -> lists:member(Type, [subscribed, unsubscribe, unsubscribed]);
is_answer(_) -> false.

turn_away({presence, subscribe}, Packet) ->
    ejabberd_router:route(presence(<<"unsubscribed">>, xmpp:get_to(Packet), xmpp:get_from(Packet))),
    {stop, drop};
turn_away({presence, _}, _) -> {stop, drop};
turn_away(_, Packet) ->
    ejabberd_router:route_error(Packet, xmpp:err_service_unavailable()),
    {stop, drop}.

%% In the user's list, with a subscription or without; a request of the contact's own is no entry of the user's.
is_contact(User, Host, From) ->
    {Name, Domain, _} = jid:tolower(From),
    {Subscription, Ask, _} = ejabberd_hooks:run_fold(roster_get_jid_info, Host, {none, none, []}, [User, Host, From]),
    Subscription /= none orelse lists:member(Ask, [out, both, subscribe])
        orelse lists:any(fun(Item) -> names(Item, {Name, Domain, <<>>}) end,
                         ejabberd_hooks:run_fold(roster_get, Host, [], [{User, Host}])).

names(Item, Contact) ->
    lists:any(fun(Field) -> is_tuple(Field) andalso (try jid:tolower(Field) catch _:_ -> none end) == Contact end,
              tuple_to_list(Item)).

%% Who may subscribe without consent is a contact as soon as he asks; the user is told by his list, and not asked. The roster
%% has noted the request at 50.
subscription(Acc, Packet) ->
    guarded(subscription,
            fun() ->
                    {User, Host, _} = jid:tolower(xmpp:get_to(Packet)),
                    From = xmpp:get_from(Packet),
                    case xmpp:get_type(Packet) == subscribe andalso known(Host, domain(From)) of
                        {Type, _, _, _} when Type /= <<"public-unverified">> ->
                            {Subscription, _, _} =
                                ejabberd_hooks:run_fold(roster_get_jid_info, Host, {none, none, []}, [User, Host, From]),
                            case lists:member(Subscription, [from, both]) of
                                true -> Acc;
                                false ->
                                    Yes = presence(<<"subscribed">>, xmpp:get_to(Packet), From),
                                    ejabberd_hooks:run(roster_out_subscription, Host, [Yes]),
                                    ejabberd_router:route(Yes),
                                    {stop, false}
                            end;
                        _ -> Acc
                    end
            end,
            fun() -> {stop, false} end).

presence(Type, From, To) ->
    xmpp:decode({xmlel, <<"presence">>, [{<<"type">>, Type}, {<<"from">>, bare(From)}, {<<"to">>, bare(To)}], []},
                <<"jabber:client">>, []).

bare(Jid) -> jid:encode(jid:remove_resource(Jid)).

domain(Jid) ->
    {_, Domain, _} = jid:tolower(Jid),
    Domain.

attribute(Name, {xmlel, _, Attributes, _}) -> proplists:get_value(Name, Attributes, none).

%%% Does all this hold here?

%% Samples of everything the hooks rely on. An exchanged library shows here, before a stranger finds it.
try_all() ->
    A = <<"a@own.example/r">>,
    B = <<"b@else.example/r">>,
    Note = {xmlel, <<"status">>, [], [{xmlcdata, <<"busy until five">>}]},
    Show = {xmlel, <<"show">>, [], [{xmlcdata, <<"dnd">>}]},
    Other = {xmlel, <<"x">>, [{<<"xmlns">>, <<"urn:example:x">>}], []},
    Presence = sample(<<"presence">>, none, A, B, [Note, Show, Other]),
    [{<<"a">>, <<"own.example">>, <<"r">>}, {<<"b">>, <<"else.example">>, <<"r">>}] =
        [jid:tolower(Jid) || Jid <- [xmpp:get_from(Presence), xmpp:get_to(Presence)]],
    {presence, available} = {element(1, Presence), xmpp:get_type(Presence)},
    [true, true, true] = [holds(Child, Presence) || Child <- [<<"status">>, <<"show">>, <<"x">>]],
    Bare = without_note(Presence),
    {presence, available, <<"else.example">>} = {element(1, Bare), xmpp:get_type(Bare), domain(xmpp:get_to(Bare))},
    [false, true, true] = [holds(Child, Bare) || Child <- [<<"status">>, <<"show">>, <<"x">>]],
    Bare = without_note(Bare),
    [{presence, subscribe}, {presence, unsubscribed}, {message, chat}, {message, error}, {iq, get}, {iq, result}] =
        [begin Packet = sample(Name, Type, A, B, []), {element(1, Packet), xmpp:get_type(Packet)} end
         || {Name, Type} <- [{<<"presence">>, <<"subscribe">>}, {<<"presence">>, <<"unsubscribed">>}, {<<"message">>, <<"chat">>},
                             {<<"message">>, <<"error">>}, {<<"iq">>, <<"get">>}, {<<"iq">>, <<"result">>}]],
    Yes = presence(<<"subscribed">>, xmpp:get_to(Presence), xmpp:get_from(Presence)),
    {presence, subscribed} = {element(1, Yes), xmpp:get_type(Yes)},
    {<<"b@else.example">>, <<"a@own.example">>} = {jid:encode(xmpp:get_from(Yes)), jid:encode(xmpp:get_to(Yes))},
    Request = xmpp:decode({xmlel, <<"db:result">>,
                           [{<<"xmlns:db">>, <<"jabber:server:dialback">>},
                            {<<"from">>, <<"else.example">>}, {<<"to">>, <<"own.example">>}],
                           [{xmlcdata, <<"key">>}]}, <<"jabber:server">>, [ignore_els]),
    db_result = element(1, Request),
    {<<"else.example">>, <<"own.example">>, none} =
        list_to_tuple([attribute(Name, xmpp:encode(Request)) || Name <- [<<"from">>, <<"to">>, <<"type">>]]),
    {xmlel, <<"stream:error">>, _, _} = xmpp:encode(xmpp:serr_policy_violation(?REASON, <<"en">>)),
    {xmlel, <<"error">>, _, _} = xmpp:encode(xmpp:err_service_unavailable()),
    Contact = {<<"b">>, <<"else.example">>, <<>>},
    [true, false] = [names({item, jid:make(<<"b">>, Domain)}, Contact) || Domain <- [<<"else.example">>, <<"third.example">>]],
    [] = [Missing || {Module, Function, Arity} = Missing <- relied_on(),
                     not (code:ensure_loaded(Module) == {module, Module} andalso erlang:function_exported(Module, Function, Arity))],
    [external] = ways({any, <<"required">>, <<"required">>, true}),
    [external, dialback_tls] = ways({any, <<"required">>, <<"optional">>, true}),
    [dialback_clear] = ways({any, <<"not-supported">>, <<"optional">>, true}),
    [] = ways({any, <<"not-supported">>, <<"required">>, true}),
    ok.

sample(Name, Type, From, To, Children) ->
    Attributes = [{<<"from">>, From}, {<<"to">>, To}, {<<"id">>, <<"1">>} | [{<<"type">>, Type} || Type /= none]],
    xmpp:decode({xmlel, Name, Attributes, Children}, <<"jabber:client">>, [ignore_els]).

holds(Name, Packet) ->
    {xmlel, _, _, Children} = xmpp:encode(Packet),
    [Child || {xmlel, Child, _, _} <- Children, Child == Name] /= [].

relied_on() ->
    [{ejabberd_s2s_in, send, 2}, {ejabberd_s2s_in, update_state, 2}, {ejabberd_s2s_in, handle_stream_start, 2},
     {ejabberd_s2s_in, tls_enabled, 1}, {ejabberd_s2s_out, send, 2}, {ejabberd_s2s_out, update_state, 2},
     {ejabberd_s2s_out, stop_async, 1}, {ejabberd_s2s_out, tls_enabled, 1}, {ejabberd_s2s, tls_required, 1},
     {ejabberd_s2s, tls_enabled, 1}, {ejabberd_s2s, stop_s2s_connections, 0}, {ejabberd_router, host_of_route, 1},
     {ejabberd_router, is_my_route, 1}, {ejabberd_router, route, 1}, {ejabberd_router, route_error, 2}].

%%% Streams there are

%% Each stream looks at itself: `list` tells of all, `refused` closes what the settings do not allow and what waits after a
%% failure, `all` closes all of the host's.
visit(Host, Mode) ->
    Asked = make_ref(),
    Ask = fun(Module, Supervisor) ->
                  [Module:update_state(Stream, {?MODULE, look, [Host, Mode, self(), Asked]})
                   || {_, Stream, _, _} <- supervisor:which_children(Supervisor), is_pid(Stream)]
          end,
    Count = length(Ask(ejabberd_s2s_in, ejabberd_s2s_in_sup)) + length(Ask(ejabberd_s2s_out, ejabberd_s2s_out_sup)),
    lists:append(answers(Asked, Count, erlang:monotonic_time(millisecond) + 1000)).

answers(_, 0, _) -> [];
answers(Asked, Count, Until) ->
    receive {Asked, Seen} -> [Seen | answers(Asked, Count - 1, Until)]
    after max(0, Until - erlang:monotonic_time(millisecond)) -> []
    end.

visit_or_stop(Host, Mode) ->
    % While ejabberd starts there are none yet, nor what they would be asked of.
    try visit(Host, Mode) catch _:_ -> catch ejabberd_s2s:stop_s2s_connections() end.

look(Stream, Host, Mode, Asker, Asked) ->
    {Seen, Next} = try seen(Stream, Host, Mode)
                   catch
                       _:_ when Mode == list -> {[], Stream};
                       _:_ -> exit(self(), kill)
                   end,
    Asker ! {Asked, Seen},
    Next.

seen(#{server_host := Host, stream_direction := Direction} = Stream, Asked, Mode) when Asked == Host; Asked == all ->
    Seen = [{Host, Direction, Domain, how(Stream, Host, Domain)} || Domain <- domains(Stream)],
    Bad = [One || {_, _, _, {_, false}} = One <- Seen],
    Waits = case Stream of #{on_route := bounce} -> true; _ -> false end,
    if
        Mode == all; Mode == refused, Bad /= [] orelse Waits -> {Seen, leave(Stream, Waits)};
        Mode == refused -> {[], Stream};
        true -> {Seen, Stream}
    end;
seen(Stream, _, _) -> {[], Stream}.

domains(#{stream_direction := in, auth_domains := Domains}) -> sets:to_list(Domains);
domains(#{stream_direction := out, remote_server := Domain}) -> [Domain].

how(Stream, Host, Domain) ->
    Known = case persistent_term:get({?MODULE, Host}, absent) of
                absent -> stock;
                #{closed := _} -> refused;
                _ -> known(Host, Domain)
            end,
    case {Stream, Known} of
        {#{?MODULE := #{{Host, Domain} := {Method, Encrypted}}}, _} ->
            {way(Method, Encrypted), allows(Host, Domain, Method, Encrypted)};
        % On its way: it is looked at as it authenticates.
        {#{stream_direction := out, stream_authenticated := false}, {_, _, _, _} = Partner} -> {none, ways(Partner) /= []};
        {#{stream_direction := out, stream_authenticated := false}, Other} -> {none, Other == stock};
        {_, stock} -> {unknown, true};
        _ -> {unknown, false}
    end.

leave(#{stream_direction := out} = Stream, true) -> ejabberd_s2s_out:stop_async(self()), Stream;
leave(#{stream_direction := out} = Stream, false) -> ejabberd_s2s_out:send(Stream, xmpp:serr_reset());
leave(#{stream_direction := in} = Stream, _) -> ejabberd_s2s_in:send(Stream, xmpp:serr_reset()).

%%% Commands

register() ->
    try ejabberd_commands:register_commands(commands())
    catch _:Reason -> logger:error("Edgewright: no commands here: ~0p", [Reason])
    end.

commands() ->
    Lines = {lines, {list, {line, string}}},
    Host = [{host, binary}],
    [#ejabberd_commands{name = Name, tags = [s2s], desc = Desc, module = ?MODULE, function = Function,
                        args = Args, result = Lines}
     || {Name, Function, Args, Desc} <-
            [{edgewright_state, state, Host, "What Edgewright's module enforces for a host"},
             {edgewright_streams, streams, [], "Streams to other servers, and how each came about"},
             {edgewright_drop, drop, Host, "Close a host's streams that its settings do not allow or that wait after a failure"},
             {edgewright_drop_all, drop_all, Host, "Close all streams to other servers of a host"}]].

state(Host) ->
    case persistent_term:get({?MODULE, Host}, absent) of
        absent -> ["federation absent"];
        #{closed := Why} -> [line("interface ~b", [?INTERFACE]), "federation closed", line("because ~0p", [Why])];
        #{partners := Partners, refuse_unlisted := Refuse} = Policy ->
            [line("interface ~b", [?INTERFACE]), "federation open", line("partners ~b", [maps:size(Partners)]),
             line("refuse-unlisted ~s", [Refuse]), line("policy ~s", [digest(Policy)]),
             % Without it, no partner comes by dialback, whatever the settings.
             line("dialback ~s", [gen_mod:is_loaded(Host, mod_s2s_dialback)])
             | [line("failed ~s", [Hook]) || Hook <- lists:usort([Hook || {_, Hook, _} <- hooks()]),
                                             persistent_term:get({?MODULE, failed, Hook}, false)]]
    end.

digest(#{partners := Partners, refuse_unlisted := Refuse}) ->
    Text = [line("refuse-unlisted ~s~n", [Refuse])
            | [line("~ts ~s ~s ~s ~s~n", [Domain, Type, Tls, Sasl, Dialback])
               || {Domain, {Type, Tls, Sasl, Dialback}} <- lists:sort(maps:to_list(Partners))]],
    [line("~2.16.0b", [Byte]) || <<Byte>> <= crypto:hash(sha256, unicode:characters_to_binary(Text))].

%% Also those of hosts without this module, of which nobody noted how they came.
streams() ->
    lists:sort([line("~s ~s ~s ~s", [ascii(Host), Direction, ascii(Domain), Way])
                || {Host, Direction, Domain, {Way, _}} <- visit(all, list)]).

%% As in a URL (RFC 3986 2.1): not every version prints other letters alike.
ascii(Name) ->
    << <<(case lists:member(Byte, "abcdefghijklmnopqrstuvwxyz0123456789.-_") of
              true -> <<Byte>>;
              false -> iolist_to_binary(io_lib:format("%~2.16.0b", [Byte]))
          end)/binary>> || <<Byte>> <= Name >>.

drop(Host) -> told(visit(Host, refused)).
drop_all(Host) -> told(visit(Host, all)).

told(Seen) -> lists:sort([line("~s ~s ~s", [Direction, ascii(Domain), Way]) || {_, Direction, Domain, {Way, _}} <- Seen]).

line(Format, Values) -> lists:flatten(io_lib:format(Format, Values)).
