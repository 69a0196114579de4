with case_requests as (

    select * from {{ source('registry', 'case_requests') }}

),

final as (

    select
        request_code,
        member_code,
        {{ blank_to_null('city_code') }} as city_code,
        topic_en as topic_name,
        topic_ko as topic_name_ko,
        indicator_code,
        source as request_source
    from case_requests

)

select * from final
