-- For wrk: every POST is another individual, at one of a few hundred mail domains.
local run, number = "", 0

function init(args)
    run = args[1]
end

function request()
    number = number + 1
    local body = string.format(
        "kind=individual&name=Signer+%s+%d&email=signer%d%%40%s-%d.example&role=Teacher"
            .. "&country=NO&visibility=public&language=en",
        run, number, number, run, number % 300)
    return wrk.format("POST", nil, {["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end
